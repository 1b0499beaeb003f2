/// The named values of a request, from its query or from a JSON object: read one by one with
/// their types and ranges; what nobody read in the end is an unknown name.
///
/// A reader that fails blames its field by name, so that a typo never passes silently.
public struct Fields: Sendable {
    enum Value: Sendable {
        /// As it stands in a query, percent-decoded.
        case text(String)
        case json(JSON)
    }

    enum Origin: Sendable {
        case query
        /// A JSON object at this pointer.
        case body(pointer: String)
    }

    let origin: Origin
    private let values: [String: Value]
    private let names: [String]
    private var known: [String] = []

    /// - Throws: `Problem` 400 where a parameter is repeated.
    public init(query: [(name: String, value: String)]) throws {
        origin = .query
        var values: [String: Value] = [:]
        for (name, value) in query {
            guard values.updateValue(.text(value), forKey: name) == nil else {
                throw Problem.malformed(
                    "The parameter “\(name)” is given more than once.", .parameter(name))
            }
        }
        self.values = values
        names = query.map(\.name)
    }

    /// - Parameter pointer: where the object stands in the body, "" for the whole of it.
    /// - Throws: `Problem` 422 where `json` is not an object.
    public init(_ json: JSON, at pointer: String = "") throws {
        guard case .object(let fields) = json else {
            throw Problem.invalid("An object is expected, not \(json.kind).", .pointer(pointer))
        }
        origin = .body(pointer: pointer)
        values = Dictionary(fields.map { ($0.name, .json($0.value)) }) { first, _ in first }
        names = fields.map(\.name)
    }

    /// The field's value, nil where it is absent. From now on its name is a known one.
    mutating func take(_ name: String) -> Value? {
        known.append(name)
        return values[name]
    }

    /// The field's value, to decide how to read it; its name stays unknown until it is read.
    func peek(_ name: String) -> Value? { values[name] }

    /// How errors name a field.
    public func culprit(_ name: String) -> Problem.Culprit {
        switch origin {
        case .query: .parameter(name)
        case .body(let pointer): .pointer("\(pointer)/\(JSONPointer.escaped(name))")
        }
    }

    /// The error for a required field that is not there; blames a name that looks like it.
    ///
    /// - Parameter expected: what the field should be, as a clause.
    func missing(_ name: String, _ expected: String) -> Problem {
        if let typo = names.first(where: { Spelling.nearest(to: $0, among: [name]) != nil }) {
            return .malformed(
                "There is no field “\(typo)” here. Did you mean “\(name)”?", culprit(typo))
        }
        return .invalid("“\(name)” is missing: \(expected).", culprit(name))
    }

    /// To be called once every field has been read.
    ///
    /// - Throws: `Problem` that names the first unknown field, and the known one it resembles.
    public func finish() throws {
        guard let name = names.first(where: { !known.contains($0) }) else { return }
        let isQuery = if case .query = origin { true } else { false }
        var detail = "There is no \(isQuery ? "parameter" : "field") “\(name)” here."
        if let near = Spelling.nearest(to: name, among: known) {
            detail += " Did you mean “\(near)”?"
        } else {
            detail += known.isEmpty ? " None is taken."
                : " Known ones: \(known.joined(separator: ", "))."
        }
        throw Problem.malformed(detail, culprit(name))
    }
}

/// JSON Pointer (RFC 6901).
public enum JSONPointer {
    static func escaped(_ name: String) -> String {
        var result = ""
        for character in name {
            switch character {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.append(character)
            }
        }
        return result
    }
}
