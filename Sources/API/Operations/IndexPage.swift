/// `GET /` as text or JSON: a curl line for each endpoint.
enum IndexPage {
    /// - Parameter needsToken: whether requests need one, so that the lines have to send it
    static func text(of endpoints: [Endpoint], needsToken: Bool) -> [UInt8] {
        let token = needsToken ? "\nand TOKEN=…, one of the tokens that this server takes" : ""
        var text = """
            Riviera: where NICE meets Monte Carlo

            Paste these lines in their order, after SERVER=http://localhost:8080 (or wherever this is)\(token):


            """
        for endpoint in endpoints { text += "  \(line(of: endpoint, needsToken))\n" }
        text += """
              curl "$SERVER/health/live"
              curl "$SERVER/health/ready"
              \(curl(needsToken)) "$SERVER/metrics"

            Errors are application/problem+json and name what is wrong. Every request takes
            deadline=SECONDS. What is random takes seed=NUMBER; the same seed gives the same bytes.
            What has several representations takes format=json, png, csv, svg or ndjson.
            A browser gets a page here; /openapi.json describes every endpoint (OpenAPI 3.1).

            """
        return Array(text.utf8)
    }

    private static func curl(_ needsToken: Bool) -> String {
        needsToken ? #"curl -H "Authorization: Bearer $TOKEN""# : "curl"
    }

    private static func line(of endpoint: Endpoint, _ needsToken: Bool) -> String {
        let line = endpoint.declaration.example.line
        return needsToken ? line.replacing("curl ", with: curl(true) + " ") : line
    }

    static func json(of endpoints: [Endpoint], needsToken: Bool) -> JSON {
        .object([
            ("openapi", .string("/openapi.json")),
            (
                "endpoints",
                .array(
                    endpoints.map { endpoint in
                        .object([
                            ("path", .string(endpoint.path)),
                            ("methods", .array(endpoint.methods.map { .string($0) })),
                            ("example", .string(line(of: endpoint, needsToken))),
                        ])
                    })
            ),
        ])
    }
}
