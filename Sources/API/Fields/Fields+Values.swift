extension Fields {
    /// A number in `range`; in a query also a fraction (`18/37`).
    package mutating func double(
        _ name: String, in range: some NumberRange<Double> = AnyFinite()
    ) throws -> Double? {
        guard let value = take(name) else { return nil }
        let number: Double
        switch value {
        case .text(let text):
            guard let parsed = NumberText.double(text) else {
                throw Problem.malformed(
                    "“\(name)” must be a number or a fraction such as 18/37, not \(text.quoted).",
                    culprit(name))
            }
            number = parsed
        case .json(let json):
            guard let parsed = json.double else { throw wrongKind(name, "a number", json) }
            number = parsed
        }
        guard range.contains(number) else {
            throw Problem.invalid(
                "“\(name)” must be \(range.description), not \(JSONText.number(number)).", culprit(name))
        }
        return number
    }

    /// A whole number in `range`.
    public mutating func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = take(name) else { return nil }
        let number: Double
        switch value {
        case .text(let text):
            if let exact = Int(text) { return try checked(name, exact, range) }
            guard let parsed = NumberText.double(text) else {
                throw Problem.malformed(
                    "“\(name)” must be a whole number, not \(text.quoted).", culprit(name))
            }
            number = parsed
        case .json(let json):
            guard let parsed = json.double else { throw wrongKind(name, "a whole number", json) }
            number = parsed
        }
        guard number == number.rounded() else {
            throw Problem.invalid(
                "“\(name)” must be a whole number, not \(JSONText.number(number)).", culprit(name))
        }
        guard let exact = Int(exactly: number) else {
            throw outOfRange(name, JSONText.number(number), range)
        }
        return try checked(name, exact, range)
    }

    private func checked(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws -> Int {
        guard range.contains(value) else { throw outOfRange(name, String(value), range) }
        return value
    }

    private func outOfRange(_ name: String, _ value: String, _ range: ClosedRange<Int>) -> Problem {
        let bounds =
            if range.lowerBound == range.upperBound {
                "\(range.lowerBound)"
            } else if range.upperBound == .max && Double(value) ?? 0 < Double(range.lowerBound) {
                "at least \(range.lowerBound)"
            } else {
                "between \(range.lowerBound) and \(range.upperBound)"
            }
        return .invalid("“\(name)” must be \(bounds), not \(value).", culprit(name))
    }

    /// A text of at most `longest` bytes. Longer ones than any name or expression are refused before they cost
    /// anything.
    public mutating func string(_ name: String, longest: Int = 10_000) throws -> String? {
        let text: String
        switch take(name) {
        case nil: return nil
        case .text(let value): text = value
        case .json(let json):
            // What is too long is not even decoded: an escape has at most six bytes for each of its text's.
            guard json.stringLength <= 6 * longest + 2 else { throw tooLong(name, longest) }
            guard let value = json.string else { throw wrongKind(name, "a string", json) }
            text = value
        }
        guard text.utf8.count <= longest else { throw tooLong(name, longest) }
        return text
    }

    private func tooLong(_ name: String, _ longest: Int) -> Problem {
        .invalid("“\(name)” must be at most \(longest) bytes long.", culprit(name))
    }

    /// true or false; in a query also 1 and 0.
    public mutating func bool(_ name: String) throws -> Bool? {
        switch take(name) {
        case nil: return nil
        case .text(let text):
            if text.isIdentical(to: "true") || text.isIdentical(to: "1") { return true }
            if text.isIdentical(to: "false") || text.isIdentical(to: "0") { return false }
            throw Problem.malformed(
                "“\(name)” must be true or false, not \(text.quoted).", culprit(name))
        case .json(let json):
            guard let value = json.bool else { throw wrongKind(name, "true or false", json) }
            return value
        }
    }

    /// One of an enumeration's cases by its raw value.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = try string(name) else { return nil }
        return try Self.choice(text, "“\(name)” must be one of", culprit(name))
    }

    /// The case whose raw value `text` is.
    ///
    /// - Parameter rule: the beginning of the sentence that lists the cases.
    static func choice<Choice: RawRepresentable & CaseIterable>(
        _ text: String, _ rule: String, _ culprit: Problem.Culprit
    ) throws -> Choice where Choice.RawValue == String {
        if let choice = Choice.allCases.first(where: { $0.rawValue.isIdentical(to: text) }) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        var detail = "\(rule) \(names.joined(separator: ", ")), not \(text.quoted)."
        if let near = Spelling.nearest(to: text, among: names) { detail += " Did you mean “\(near)”?" }
        throw Problem.invalid(detail, culprit)
    }

    /// Whether the field is that very word.
    func isWord(_ name: String, _ word: String) -> Bool {
        switch peek(name) {
        case .text(let text): text.isIdentical(to: word)
        case .json(let json): json.stringLength <= 6 * word.utf8.count + 2 && json.string?.isIdentical(to: word) == true
        case nil: false
        }
    }

    /// The raw JSON of a field; a query has none.
    public mutating func json(_ name: String) throws -> JSONNode? {
        switch take(name) {
        case nil: return nil
        case .json(let json): return json
        case .text:
            throw Problem.malformed("“\(name)” belongs in a JSON body, not in the query.", culprit(name))
        }
    }

    /// A seed, 0 … 2^53 − 1: what a double holds exactly.
    public mutating func seed(_ name: String = "seed") throws -> UInt64? {
        try integer(name, in: 0...(1 << 53 - 1)).map(UInt64.init)
    }

    func wrongKind(_ name: String, _ expected: String, _ json: JSONNode) -> Problem {
        .invalid("“\(name)” must be \(expected), not \(json.kind).", culprit(name))
    }
}
