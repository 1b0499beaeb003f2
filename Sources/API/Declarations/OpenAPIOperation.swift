import HTTPTypes

/// One method of a path in the document.
struct OpenAPIOperation {
    let declaration: Declaration
    let operation: Declaration.Operation
    /// Whether requests to this server carry a token, but for those that anybody may ask.
    var needsToken = false

    var json: JSON {
        var members: [(name: String, value: JSON)] = [
            ("operationId", .string(operation.id)),
            ("tags", .array([.string(declaration.tag.rawValue)])),
            ("summary", .string(declaration.summary)),
            ("description", .string(operation.details)),
        ]
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if !operation.body.isEmpty {
            members.append(
                (
                    "requestBody",
                    .object([("required", .bool(true)), ("content", Self.contents(operation.body))])
                ))
        }
        members.append(("responses", responses))
        if needsToken && declaration.isOpen { members.append(("security", .array([]))) }
        return .object(members)
    }

    private var parameters: [JSON] {
        guard declaration.tag != .operations else { return operation.query.map(Self.parameter) }
        var parameters = operation.query.map(Self.parameter)
        if let format = declaration.format { parameters.append(Self.parameter(format)) }
        return parameters + [.object([("$ref", .string("#/components/parameters/deadline"))])]
    }

    static func parameter(_ property: Property) -> JSON {
        var bare = property.schema
        bare.examples = []
        bare.sentence = ""
        bare.unit = nil
        var members: [(name: String, value: JSON)] = [
            ("name", .string(property.name)), ("in", .string("query")),
            ("description", .string(property.schema.fullSentence)),
        ]
        if property.isRequired { members.append(("required", .bool(true))) }
        members.append(("schema", bare.inQuery.json))
        if case .list = property.schema.kind {
            members += [("style", .string("form")), ("explode", .bool(false))]
        }
        // Its members are parameters of their own.
        if case .object = property.schema.kind { members += [("style", .string("form")), ("explode", .bool(true))] }
        if let example = property.schema.examples.first { members.append(("example", example)) }
        return .object(members)
    }

    private static func contents(_ contents: [Content]) -> JSON {
        .object(contents.map { ($0.type.rawValue, $0.json) })
    }

    private var responses: JSON {
        let success: (name: String, value: JSON) = (
            "200",
            .object([
                ("description", .string(declaration.answer.sentence)),
                ("content", Self.contents(declaration.answer.contents)),
            ])
        )
        let wantsToken = needsToken && !declaration.isOpen
        let unauthorized = OpenAPIProblems.all.filter { wantsToken && $0.status == .unauthorized }
        let problems = (unauthorized + declaration.problems(of: operation)).map { problem in
            (
                name: String(problem.status.code),
                value: JSON.object([("$ref", .string("#/components/responses/\(problem.name)"))])
            )
        }
        return .object([success] + problems)
    }
}

extension Declaration {
    /// What an answer with several forms takes in the query.
    var format: Property? {
        let names = answer.contents.compactMap(\.type.formatName)
        guard names.count > 1, let first = names.first else { return nil }
        return .field(
            "format", .words(names, "The form of the answer; it takes precedence over the Accept header."),
            default: .string(first))
    }
}

extension Schema {
    /// The same value written in a query, where a number may be a fraction.
    fileprivate var inQuery: Schema {
        guard case .number = kind else {
            guard case .anyOf(let schemas) = kind else { return self }
            return Schema(.anyOf(schemas.flatMap(\.alternativesInQuery))).withStandard(standard)
        }
        return Schema(.anyOf(alternativesInQuery)).withStandard(standard)
    }

    private var alternativesInQuery: [Schema] {
        guard case .number = kind else { return [self] }
        var bare = self
        bare.standard = nil
        return [bare, .text("", TextForm(pattern: Self.fraction))]
    }

    /// The plain ones: more digits, or exponents, are read too.
    private static let fraction = #"^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?/[1-9][0-9]{0,14}$"#
}
