import API
import ArgumentParser

/// One flag for each field of an endpoint, made from its declaration, and the files that its command reads
/// and writes.
///
/// The argument parser finds a command's options by reflection and hands their values over by
/// decoding; this type shows it the fields in the first case and asks for their names in the second.
package struct FieldFlags<Kind: FieldSource>: ParsableArguments, CustomReflectable {
    /// What was given, by field, as it was spelled.
    package private(set) var texts: [String: String] = [:]
    /// IN
    package private(set) var input: String?
    /// OUT, or `-`.
    package private(set) var output = "-"
    /// FILE …
    package private(set) var files: [String] = []
    /// `--format`
    package private(set) var format: String?
    /// `--request`
    package private(set) var request: String?

    package init() {}

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldKey.self)
        let declaration = Kind.declaration
        func option(_ name: String) throws -> String? {
            try container.decode(Option<String?>.self, forKey: FieldKey(stringValue: name)).wrappedValue
        }
        if declaration.needs.input != nil {
            input = try container.decode(Argument<String>.self, forKey: FieldKey(stringValue: "in")).wrappedValue
        }
        if declaration.takesFiles {
            files = try container.decode(Argument<[String]>.self, forKey: FieldKey(stringValue: "file")).wrappedValue
        }
        if declaration.fileForms.count > 1 {
            output = try container.decode(Argument<String>.self, forKey: FieldKey(stringValue: "out")).wrappedValue
        }
        if declaration.streamForms.count > 1 { format = try option("format") }
        if declaration.takesRequest { request = try option("request") }
        for field in declaration.flagFields {
            if field.schema.isSwitch {
                let isSet = try container.decode(Flag<Bool>.self, forKey: FieldKey(stringValue: field.name))
                    .wrappedValue
                if isSet { texts[field.name] = "true" }
            } else {
                texts[field.name] = try option(field.name)
            }
        }
    }

    package var customMirror: Mirror {
        Mirror(self, children: files(of: Kind.declaration) + flags(of: Kind.declaration))
    }

    private func files(of declaration: Declaration) -> [(label: String, value: Any)] {
        var arguments: [(label: String, value: Any)] = []
        if declaration.needs.input != nil {
            let input = Argument<String>(
                help: ArgumentHelp("The file to read; - is standard input.", valueName: "in"), completion: .file())
            arguments.append(("in", input))
        }
        if declaration.takesFiles {
            let files = Argument<[String]>(
                wrappedValue: [], help: ArgumentHelp("The files to read; - is standard input.", valueName: "file"),
                completion: .file())
            arguments.append(("file", files))
        }
        if declaration.fileForms.count > 1 {
            let output = Argument<String>(
                wrappedValue: "-",
                help: ArgumentHelp("The file to write; - or nothing for standard output alone.", valueName: "out"),
                completion: .file())
            arguments.append(("out", output))
        }
        return arguments
    }

    private func flags(of declaration: Declaration) -> [(label: String, value: Any)] {
        var flags = declaration.flagFields.map { field -> (label: String, value: Any) in
            (field.name, field.schema.isSwitch ? field.toggle as Any : field.option as Any)
        }
        if declaration.takesRequest {
            let request = Option<String?>(
                help: ArgumentHelp("A file with a JSON request, whose fields the flags override.", valueName: "file"),
                completion: .file(extensions: ["json"]))
            flags.append(("request", request))
        }
        if declaration.streamForms.count > 1 {
            let names = declaration.streamForms.compactMap(\.formatName)
            let format = Option<String?>(
                help: ArgumentHelp(
                    "The form of the answer: \(names.joined(separator: ", ")).\(declaration.fileForms.count > 1 ? " OUT gets it, or standard output where there is no OUT." : "")"
                ),
                completion: .list(names))
            flags.append(("format", format))
        }
        return flags
    }
}

/// What has a declaration to make flags from.
package protocol FieldSource: Sendable {
    static var declaration: Declaration { get }
}

private struct FieldKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Declaration {
    /// The fields that have a flag: all but what comes from the file IN, and the model, which `--model` loads.
    var flagFields: [Property] {
        commandFields.filter { $0.name != needs.input && !(needs.model && $0.name == "model") }
    }

    /// Whether a request comes from a file that a flag names.
    var takesRequest: Bool { needs.input == nil && !takesFiles && commandOperation?.body.isEmpty == false }
}

extension Property {
    /// As HTTP spells it, and with the hyphens of other flags.
    private var names: NameSpecification {
        let hyphenated = String(name.map { $0 == "_" ? "-" : $0 })
        return NameSpecification(
            hyphenated == name ? [.customLong(name)] : [.customLong(hyphenated), .customLong(name)])
    }

    /// The flag that errors name.
    var flag: String { "--" + String(name.map { $0 == "_" ? "-" : $0 }) }

    fileprivate var toggle: Flag<Bool> {
        Flag(wrappedValue: false, name: names, help: ArgumentHelp(EndpointHelp.sentence(self)))
    }

    fileprivate var option: Option<String?> {
        Option(
            name: names, parsing: schema.mayBeNegative ? .unconditional : .next,
            help: ArgumentHelp(EndpointHelp.sentence(self), valueName: role == .image || role == .mask ? "file" : name),
            completion: completion)
    }

    private var completion: CompletionKind {
        switch schema.kind {
        case .words(let words): .list(words)
        default: role == .image || role == .mask ? .file() : .default
        }
    }
}
