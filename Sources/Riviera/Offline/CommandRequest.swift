import API
import HTTPTypes
import Streams

/// What a command asks its endpoint: its files and flags, as a query and a JSON body.
package struct CommandRequest: Sendable {
    let method: HTTPRequest.Method
    private let path: String
    private var query: [(name: String, text: String)]
    /// What belongs into the query where the answer is a picture.
    private let drawing: [(name: String, text: String)]
    package private(set) var body: JSON?
    /// Where each element of a body that is an array comes from.
    package private(set) var sources: [String] = []

    /// Reads the files.
    ///
    /// - Parameter shape: the size of the model's images; nil where no model is needed.
    /// - Throws: `FileError` for a file that cannot be read or is of no use, or a flag with broken JSON.
    package init<Kind>(_ flags: FieldFlags<Kind>, shape: ImageShape?) throws(FileError) {
        let declaration = Kind.declaration, members = declaration.commandOperation?.members ?? []
        method = declaration.commandOperation?.method ?? .get
        path = declaration.path
        query = []
        var drawing: [(name: String, text: String)] = []
        var fields: [(name: String, value: JSON)] = [], masks: [(name: String, path: String)] = []
        for field in declaration.flagFields {
            guard let text = flags.texts[field.name] else { continue }
            if field.role == .mask {
                masks.append((field.name, text))
            } else if members.contains(where: { $0.name == field.name }) {
                fields.append((field.name, try Self.value(of: field, text, shape)))
            } else if field.role == .drawing {
                drawing.append((field.name, text))
            } else {
                query.append((field.name, text))
            }
        }
        self.drawing = drawing
        guard method == .post else { return }
        if declaration.takesFiles {
            var values: [JSON] = []
            for path in flags.files.isEmpty ? ["-"] : flags.files {
                let found = try JSONFile(path: path).values()
                values += found
                sources += found.map { _ in path == "-" ? "standard input" : path }
            }
            body = .array(values)
            return
        }
        var request = fields.reduce(try Self.base(flags, shape)) { $0.setting($1.name, to: $1.value) }
        for mask in masks {
            let value = try ImageFile(path: mask.path).mask(of: request["image"], shape: shape)
            request = request.setting(mask.name, to: value)
        }
        body = request
    }

    /// What the flags add to.
    private static func base<Kind>(_ flags: FieldFlags<Kind>, _ shape: ImageShape?) throws(FileError) -> JSON {
        let declaration = Kind.declaration
        guard let path = flags.input ?? flags.request else { return .object([]) }
        let file = ImageFile(path: path, takesPhotographs: declaration.path == "/inpaint"),
            json = try file.json(shape: shape)
        if case .object = json { return json }
        guard let input = declaration.needs.input else {
            throw FileError(path, "holds no JSON object, which a request is")
        }
        return .object([(input, json)])
    }

    private static func value(of field: Property, _ text: String, _ shape: ImageShape?) throws(FileError) -> JSON {
        switch field.role {
        case .image: return try ImageFile(path: text).json(shape: shape)
        case .value, .mask, .drawing: break
        }
        if text.hasPrefix("@"), !field.schema.isScalar {
            return try ImageFile(path: String(text.dropFirst())).json()
        }
        do throws(JSONError) {
            return try field.schema.value(of: text)
        } catch {
            throw FileError(field.flag, "is no JSON: \(error.reason) (column \(error.column))")
        }
    }

    /// Path and query.
    ///
    /// - Parameter isPicture: whether it is to be answered by one.
    package func target(isPicture: Bool = false) -> String {
        let pairs = (query + (isPicture ? drawing : [])).map { "\($0.name)=\(QueryText.escaped($0.text))" }
        return pairs.isEmpty ? path : "\(path)?" + pairs.joined(separator: "&")
    }

    /// The same with another value of a field.
    func setting(_ name: String, to value: JSON) -> CommandRequest {
        var copy = self
        if let body {
            copy.body = body.setting(name, to: value)
        } else {
            copy.query.removeAll { $0.name == name }
            let text = String(decoding: JSONWriter.write(value, .line).dropLast(), as: UTF8.self)
            copy.query.append((name, text))
        }
        return copy
    }
}
