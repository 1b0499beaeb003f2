import API

/// The words of a command's help that are not about one flag.
struct EndpointHelp {
    private let declaration: Declaration

    init(_ declaration: Declaration) { self.declaration = declaration }

    var discussion: String {
        ([declaration.commandOperation?.details ?? ""] + input + output).joined(separator: "\n\n")
    }

    private var input: [String] {
        if declaration.takesFiles {
            return [
                "Each FILE holds one answer of “riviera ruin --shard”, several one after another, or an array of them, in "
                    + "any order. Without FILE they are read from standard input."
            ]
        }
        guard let input = declaration.needs.input else { return [] }
        let isImage = declaration.commandFields.contains { $0.name == input && $0.role == .image }
        let hasHoles = declaration.commandFields.contains { $0.name == "missing" }
        let form =
            !isImage
            ? "is JSON: the \(input), or a request"
            : hasHoles
                ? "is a PNG, whose transparent pixels are missing, a JSON image, whose nulls are, or a JSON request"
                : "is a PNG without transparent pixels, a JSON image or a JSON request"
        return ["IN \(form) as \(declaration.path) takes it, whose fields the flags override; - is standard input."]
    }

    private var output: [String] {
        let answer = "The answer of \(declaration.path) goes to standard output as JSON"
        let endings = declaration.fileForms.compactMap(\.formatName)
        guard endings.count > 1 else { return ["\(answer)."] }
        return [
            "\(answer). OUT gets it too, in the form that its name ends in: \(endings.map { ".\($0)" }.joined(separator: ", "))."
        ]
    }

    /// What a flag's help says of a field.
    static func sentence(_ property: Property) -> String {
        var parts = [property.schema.toldSentence]
        switch property.role {
        case .image: parts.append("A file with a PNG or JSON; - is standard input.")
        case .mask: parts.append("A file with JSON, or with a PNG whose white pixels are the missing ones.")
        case .value, .drawing:
            if !property.schema.isScalarOrList { parts.append("JSON, or @FILE.") }
            if let allowed = property.schema.allowed { parts.append("Takes \(allowed).") }
        }
        if let standard = property.schema.standardText, !property.schema.isSwitch {
            parts.append("Default \(standard).")
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension Schema {
    /// Whether a flag without a value says it.
    var isSwitch: Bool { if case .boolean = kind { true } else { false } }

    /// Whether a value is written without brackets: one, or several with commas between them.
    fileprivate var isScalarOrList: Bool {
        alternatives.allSatisfy { schema in
            if case .list(let element, _) = schema.kind { element.isScalar } else { schema.isScalar }
        }
    }
}

extension Declaration {
    /// Whether the body is an array of what files hold.
    var takesFiles: Bool {
        guard let body = commandOperation?.body.first else { return false }
        if case .list = body.schema.kind { return true }
        return false
    }
}
