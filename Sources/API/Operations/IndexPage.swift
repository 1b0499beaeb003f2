/// `GET /` for who asks for text or JSON: a curl line for each endpoint.
enum IndexPage {
    static func text(of endpoints: [Endpoint]) -> [UInt8] {
        var text = """
            Riviera: where NICE meets Monte Carlo

            Paste these lines in their order, after SERVER=http://localhost:8080 (or wherever this is):


            """
        for endpoint in endpoints { text += "  \(endpoint.declaration.example.line)\n" }
        text += """
              curl "$SERVER/health/live"
              curl "$SERVER/health/ready"
              curl "$SERVER/metrics"

            Errors are application/problem+json and name what is wrong. Every request takes
            deadline=SECONDS. What is random takes seed=NUMBER; the same seed gives the same bytes.
            What has several representations takes format=json, png, csv, svg or ndjson.
            A browser gets a page here; /openapi.json describes every endpoint (OpenAPI 3.1).

            """
        return Array(text.utf8)
    }

    static func json(of endpoints: [Endpoint]) -> JSON {
        .object([
            ("openapi", .string("/openapi.json")),
            (
                "endpoints",
                .array(
                    endpoints.map { endpoint in
                        .object([
                            ("path", .string(endpoint.path)),
                            ("methods", .array(endpoint.methods.map { .string($0) })),
                            ("example", .string(endpoint.declaration.example.line)),
                        ])
                    })
            ),
        ])
    }
}
