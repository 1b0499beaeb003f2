import HTTPTypes

/// `/openapi.json`, made from the declarations.
struct OpenAPIDocument: Sendable {
    let declarations: [Declaration]
    /// The longest `deadline` that a request may name, in seconds.
    let longestDeadline: Double?
    /// Whether requests to endpoints, and for metrics, have to carry a bearer token.
    var needsToken = false

    /// OpenAPI 3.1.
    var json: JSON {
        var members: [(name: String, value: JSON)] = [
            ("openapi", .string("3.1.0")),
            ("info", Self.info),
            // Relative to the document: wherever the server is reached.
            ("servers", .array([.object([("url", .string("."))])])),
            (
                "tags",
                .array(
                    Declaration.Tag.allCases.map {
                        .object([("name", .string($0.rawValue)), ("description", .string($0.sentence))])
                    })
            ),
            ("paths", .object(declarations.map { ($0.path, item($0)) })),
            ("components", components),
        ]
        if needsToken { members.append(("security", .array([.object([("token", .array([]))])]))) }
        return .object(members)
    }

    private static let info = JSON.object([
        ("title", .string("Riviera")),
        ("version", .string(ServerIdentity.version)),
        (
            "license", .object([("name", .string("Apache-2.0")), ("identifier", .string("Apache-2.0"))])
        ),
        (
            "description",
            .string(
                "Fills holes in images with a normalizing flow, estimates the probability of rare events, and compares "
                    + "gradient estimators. Errors are application/problem+json and name the field at fault. In a query a "
                    + "number may also be a fraction such as 18/37, and a list is separated by commas. Unknown names are "
                    + "errors. Whatever is random takes a seed, and the same seed gives the same bytes.")
        ),
    ])

    private func item(_ declaration: Declaration) -> JSON {
        .object(
            declaration.operations.map { operation in
                (
                    operation.method.rawValue.lowercased(),
                    OpenAPIOperation(declaration: declaration, operation: operation, needsToken: needsToken).json
                )
            })
    }

    private var components: JSON {
        var named: [String: Schema] = [:]
        Schema.problem.gather(into: &named)
        for declaration in declarations {
            for content in declaration.answer.contents { content.gather(into: &named) }
            for operation in declaration.operations {
                for content in operation.body { content.gather(into: &named) }
                for property in operation.query { property.schema.gather(into: &named) }
            }
        }
        let schemas = named.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value.json) }
        var members: [(name: String, value: JSON)] = [
            ("parameters", .object([("deadline", deadline)])),
            ("schemas", .object(schemas)),
            ("responses", .object(OpenAPIProblems.all.map { ($0.name, $0.json) })),
        ]
        if needsToken { members.append(("securitySchemes", .object([("token", Self.tokenScheme)]))) }
        return .object(members)
    }

    /// RFC 6750
    private static let tokenScheme = JSON.object([
        ("type", .string("http")), ("scheme", .string("bearer")),
        ("description", .string("One of the tokens that the server was started with; without one the answer is 401.")),
    ])

    private var deadline: JSON {
        let range = Positive(atMost: longestDeadline ?? 1e300)
        let schema = Schema.number(
            "How long the server may take before it gives up and answers 504 with what it has reached.", range.bounds
        ).measured(in: "seconds").withExamples([.integer(10)])
        return OpenAPIOperation.parameter(Property("deadline", schema, isRequired: false))
    }
}

extension Content {
    fileprivate func gather(into named: inout [String: Schema]) {
        schema.gather(into: &named)
        line?.gather(into: &named)
    }

    /// The parts of a form that are not text.
    private var pictures: [String] {
        (schema.object ?? []).compactMap { property in
            if case .anything = property.schema.kind { property.name } else { nil }
        }
    }

    private static let pictureEncoding = JSON.object([("contentType", .string("image/png"))])

    /// A media type object.
    var json: JSON {
        var members: [(name: String, value: JSON)] = []
        // What is not text has no schema (OpenAPI 3.1, section 4.8.14.3).
        if type != .png { members.append(("schema", schema.json)) }
        if type == .form { members.append(("encoding", .object(pictures.map { ($0, Self.pictureEncoding) }))) }
        if let line { members.append(("x-line-schema", line.json)) }
        if let example { members.append(("example", example)) }
        return .object(members)
    }
}
