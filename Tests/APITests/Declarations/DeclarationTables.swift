import API

/// The tables of the documentation, made from the declarations.
struct DeclarationTables {
    private let declarations: [Declaration]

    init(_ declarations: [Declaration]) { self.declarations = declarations }

    /// A line for each endpoint: what the README shows.
    var overview: String {
        let rows = declarations.map { declaration in
            let fields = declaration.commandFields.map { "`\($0.name)`" }.joined(separator: ", ")
            return "| \(Self.title(declaration)) | \(declaration.summary) | \(fields) |"
        }
        return (["| endpoint | what it does | fields |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    /// A table for each endpoint, with every field.
    var details: String { declarations.map(Self.section).joined(separator: "\n\n") }

    private static func section(_ declaration: Declaration) -> String {
        var lines = ["## \(title(declaration))", "", declaration.operations[0].details, ""]
        let fields = declaration.commandFields
        if fields.isEmpty {
            lines.append("It takes no fields.")
        } else {
            lines += ["| field | what it is | takes | default |", "|---|---|---|---|"]
            lines += fields.map(row)
        }
        let forms = declaration.answer.contents.map { "`\($0.type.rawValue)`" }.joined(separator: ", ")
        return (lines + ["", "Answers: \(forms)."]).joined(separator: "\n")
    }

    private static func row(_ field: Property) -> String {
        let schema = field.schema
        let standard = field.isRequired ? "required" : schema.standardText.map { "`\($0)`" } ?? ""
        let cells = ["`\(field.name)`", schema.toldSentence, schema.allowed ?? kind(schema), standard]
        return "| " + cells.map(escaped).joined(separator: " | ") + " |"
    }

    /// What a value is that has no range.
    private static func kind(_ schema: Schema) -> String {
        let kinds = schema.alternatives.map { schema in
            switch schema.kind {
            case .boolean: "true or false"
            case .number: "a number"
            case .integer: "a whole number"
            case .list: "a list"
            case .object: "an object"
            default: schema.isExpression ? "an expression" : "a text"
            }
        }
        return kinds.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: " or ")
    }

    private static func title(_ declaration: Declaration) -> String {
        let methods = declaration.operations.map { "`\($0.method.rawValue) \(declaration.path)`" }
        return methods.joined(separator: ", ")
    }

    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}

extension Schema {
    fileprivate var isExpression: Bool { if case .text(let form) = kind { form.format == "expression" } else { false } }
}
