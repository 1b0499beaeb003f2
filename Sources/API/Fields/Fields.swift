/// The named values of a request, from its query, from a JSON object, or from an object with the query for
/// what it leaves open: read one by one with their types and ranges; what nobody read in the end is an
/// unknown name.
///
/// A reader that fails blames its field by name, so that a typo never passes silently. Names are compared by
/// their bytes.
public struct Fields: Sendable {
    enum Value: Sendable {
        /// As a query has it, percent-decoded.
        case text(String)
        case json(JSONNode)
    }

    enum Origin: Sendable {
        case query
        /// A part of a form.
        case part
        /// A JSON object at this pointer.
        case body(pointer: String)
    }

    private struct Field: Sendable {
        let name: String
        let value: Value
        let origin: Origin
    }

    /// Where a missing field belongs.
    private let origin: Origin
    private let fields: [Field]
    private var known: [String] = []

    /// - Throws: `Problem` 400 where a parameter is repeated.
    public init(query: [(name: String, value: String)]) throws {
        var seen: Set<ByteString> = []
        for (name, _) in query where !seen.insert(ByteString(name)).inserted {
            throw Problem.malformed(
                "The parameter \(name.quoted) is given more than once.", .parameter(name))
        }
        origin = .query
        fields = query.map { Field(name: $0.name, value: .text($0.value), origin: .query) }
    }

    /// From a query and from parts of a form, which are read alike.
    ///
    /// - Throws: `Problem` 400 where a parameter is repeated, or is given as a part, too.
    init(query: [(name: String, value: String)], parts: [(name: String, value: String)]) throws {
        let parameters = try Fields(query: query)
        for (name, _) in parts where query.contains(where: { $0.name.isIdentical(to: name) }) {
            throw Problem.malformed(
                "\(name.quoted) is given in the query and as a part of the form.", .parameter(name))
        }
        origin = .part
        fields = parameters.fields + parts.map { Field(name: $0.name, value: .text($0.value), origin: .part) }
    }

    /// - Parameters:
    ///   - pointer: of the object in the body, "" for the whole of it.
    ///   - defaults: hold for what the object does not say.
    ///   - ignoringNulls: whether a null says no more than an absent field.
    /// - Throws: `Problem` 422 where `json` is not an object.
    public init(_ json: JSONNode, at pointer: String = "", defaults: Fields? = nil, ignoringNulls: Bool = false) throws
    {
        guard let members = json.members else {
            throw Problem.invalid("An object is expected, not \(json.kind).", .pointer(pointer))
        }
        let origin = Origin.body(pointer: pointer)
        let own = members.filter { !(ignoringNulls && $0.value.isNull) }
            .map { Field(name: $0.name, value: .json($0.value), origin: origin) }
        self.origin = origin
        fields =
            own
            + (defaults?.fields.filter { field in
                !own.contains { $0.name.isIdentical(to: field.name) }
            } ?? [])
        // Names that were read from the query, and are no longer unknown.
        known = defaults?.known ?? []
    }

    /// What sentences call a field.
    private func kind(of name: String) -> String {
        switch field(name)?.origin ?? origin {
        case .query: "parameter"
        case .part: "part"
        case .body: "field"
        }
    }

    private func field(_ name: String) -> Field? { fields.first { $0.name.isIdentical(to: name) } }

    /// The field's value, nil where it is absent. From now on its name is a known one.
    mutating func take(_ name: String) -> Value? {
        known.append(name)
        return field(name)?.value
    }

    /// The field's value, to decide how to read it; its name stays unknown until it is read.
    func peek(_ name: String) -> Value? { field(name)?.value }

    /// The fields that nobody has read, in order: those that the client has named. From now on their names are known.
    mutating func takeRest() -> [(name: String, value: Value)] {
        let rest = fields.filter { field in !known.contains { $0.isIdentical(to: field.name) } }
        known += rest.map(\.name)
        return rest.map { ($0.name, $0.value) }
    }

    /// Whether a field comes, or would come, from the query.
    func isInQuery(_ name: String) -> Bool {
        switch field(name)?.origin ?? origin {
        case .query: true
        case .part, .body: false
        }
    }

    /// How errors name a field.
    public func culprit(_ name: String) -> Problem.Culprit {
        switch field(name)?.origin ?? origin {
        case .query, .part: .parameter(name)
        case .body(let pointer): .pointer("\(pointer)/\(JSONPointer.escaped(name))")
        }
    }

    /// The error for a required field that is not there; blames a name that looks like it.
    ///
    /// - Parameter expected: what the field should be, as a clause.
    func missing(_ name: String, _ expected: String) -> Problem {
        if let typo = fields.first(where: { Spelling.nearest(to: $0.name, among: [name]) != nil })?.name {
            return .malformed(
                "There is no field \(typo.quoted) here. Did you mean “\(name)”?", culprit(typo))
        }
        return .invalid("“\(name)” is missing: \(expected).", culprit(name))
    }

    /// To be called once every field has been read.
    ///
    /// - Throws: `Problem` that names the first unknown field, and the known one it resembles.
    public func finish() throws {
        let unknown = fields.first { field in !known.contains { $0.isIdentical(to: field.name) } }
        guard let name = unknown?.name else { return }
        var detail = "There is no \(kind(of: name)) \(name.quoted) here."
        // In a query a call has read more than these fields.
        let available = known + (isInQuery(name) ? Call.commonParameters : [])
        if let near = Spelling.nearest(to: name, among: available) {
            detail += " Did you mean “\(near)”?"
        } else {
            detail +=
                available.isEmpty
                ? " This endpoint takes none."
                : " Available names: \(available.joined(separator: ", "))."
        }
        throw Problem.malformed(detail, culprit(name))
    }
}
