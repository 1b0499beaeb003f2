extension Fields {
    /// A number in `range`; in a query also a fraction (`18/37`).
    public mutating func double(
        _ name: String, in range: some NumberRange<Double> = Anything()
    ) throws -> Double? {
        guard let value = take(name) else { return nil }
        let number: Double
        switch value {
        case .text(let text):
            guard let parsed = NumberText.double(text) else {
                throw Problem.malformed(
                    "“\(name)” is a number or a fraction such as 18/37, not “\(text.prefix(40))”.",
                    culprit(name))
            }
            number = parsed
        case .json(let json):
            guard let parsed = json.double else { throw wrongKind(name, "a number", json) }
            number = parsed
        }
        guard range.contains(number) else {
            throw Problem.invalid(
                "“\(name)” is \(range.description), not \(JSONText.number(number)).", culprit(name))
        }
        return number
    }

    /// A whole number in `range`.
    public mutating func integer(
        _ name: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws -> Int? {
        guard let value = take(name) else { return nil }
        let number: Double
        switch value {
        case .text(let text):
            if let exact = Int(text) { return try checked(name, exact, range) }
            guard let parsed = NumberText.double(text) else {
                throw Problem.malformed(
                    "“\(name)” is a whole number, not “\(text.prefix(40))”.", culprit(name))
            }
            number = parsed
        case .json(let json):
            guard let parsed = json.double else { throw wrongKind(name, "a whole number", json) }
            number = parsed
        }
        guard let exact = Int(exactly: number) else {
            throw Problem.invalid(
                "“\(name)” is a whole number, not \(JSONText.number(number)).", culprit(name))
        }
        return try checked(name, exact, range)
    }

    private func checked(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws -> Int {
        guard range.contains(value) else {
            let bounds = range.upperBound == .max
                ? "at least \(range.lowerBound)"
                : "between \(range.lowerBound) and \(range.upperBound)"
            throw Problem.invalid("“\(name)” is \(bounds), not \(value).", culprit(name))
        }
        return value
    }

    public mutating func string(_ name: String) throws -> String? {
        switch take(name) {
        case nil: return nil
        case .text(let text): return text
        case .json(.string(let text)): return text
        case .json(let json): throw wrongKind(name, "a string", json)
        }
    }

    /// true or false; in a query also 1 and 0.
    public mutating func bool(_ name: String) throws -> Bool? {
        switch take(name) {
        case nil: return nil
        case .text("true"), .text("1"), .json(.bool(true)): return true
        case .text("false"), .text("0"), .json(.bool(false)): return false
        case .text(let text):
            throw Problem.malformed(
                "“\(name)” is true or false, not “\(text.prefix(40))”.", culprit(name))
        case .json(let json): throw wrongKind(name, "true or false", json)
        }
    }

    /// One of an enumeration's cases by its raw value.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = try string(name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        var detail = "“\(name)” is one of \(names.joined(separator: ", ")), not “\(text.prefix(40))”."
        if let near = Spelling.nearest(to: text, among: names) { detail += " Did you mean “\(near)”?" }
        throw Problem.invalid(detail, culprit(name))
    }

    /// The raw JSON of a field; a query has none.
    public mutating func json(_ name: String) throws -> JSON? {
        switch take(name) {
        case nil: return nil
        case .json(let json): return json
        case .text: throw Problem.malformed("“\(name)” has no form in a query.", culprit(name))
        }
    }

    /// A seed, 0 … 2^53 − 1: what a double holds exactly.
    public mutating func seed(_ name: String = "seed") throws -> UInt64? {
        try integer(name, in: 0...(1 << 53 - 1)).map(UInt64.init)
    }

    func wrongKind(_ name: String, _ expected: String, _ json: JSON) -> Problem {
        .invalid("“\(name)” is \(expected), not \(json.kind).", culprit(name))
    }
}

/// Numbers as people write them in a URL.
public enum NumberText {
    /// A decimal number, or one divided by another; nil for anything else, infinities included.
    public static func double(_ text: String) -> Double? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = decimal(parts[0]) else { return nil }
        guard parts.count == 2 else { return first }
        guard let second = decimal(parts[1]), second != 0 else { return nil }
        let value = first / second
        return value.isFinite ? value : nil
    }

    private static func decimal(_ text: Substring) -> Double? {
        // Double(_:) would also take “nan”, “inf” and hexadecimal digits.
        let allowed = text.utf8.allSatisfy {
            isDigit($0) || "+-.eE".utf8.contains($0)
        }
        guard allowed, let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

/// How numbers stand in sentences.
enum JSONText {
    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }
}
