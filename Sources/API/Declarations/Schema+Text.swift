// Values as people write them: in a flag's text, in a sentence of a command's help.
extension Schema {
    /// The schema itself, or those of which it is any, without null.
    package var alternatives: [Schema] {
        switch kind {
        case .anyOf(let schemas): schemas.flatMap(\.alternatives)
        case .named(_, let schema): schema.alternatives
        case .null: []
        default: [self]
        }
    }

    /// The value that a text spells. What it cannot be is left as a text, for the endpoint to judge.
    ///
    /// Numbers may be fractions, lists of numbers or words are separated by commas, everything with brackets
    /// is JSON.
    ///
    /// - Throws: `JSONError` for a text that begins like JSON and is not.
    package func value(of text: String) throws(JSONError) -> JSON {
        let kinds = alternatives.map(\.kind)
        let takesBrackets = kinds.contains {
            if case .list = $0 { true } else if case .object = $0 { true } else { false }
        }
        if takesBrackets, let first = text.trimmed.first, first == "[" || first == "{" {
            return try JSONReader.read(Array(text.utf8))
        }
        for kind in kinds {
            switch kind {
            case .boolean:
                if text == "true" || text == "1" { return .bool(true) }
                if text == "false" || text == "0" { return .bool(false) }
            case .integer, .number:
                if let whole = Int(text) { return .integer(whole) }
                if let number = NumberText.double(text) { return .number(number) }
            case .list(let element, _) where element.isScalar:
                guard kinds.count == 1 || text.utf8.contains(UInt8(ascii: ",")) else { continue }
                var values: [JSON] = []
                for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                    values.append(try element.value(of: String(part.trimmed)))
                }
                return .array(values)
            default: continue
            }
        }
        return .string(text)
    }

    /// Whether a value is written without brackets.
    package var isScalar: Bool {
        alternatives.allSatisfy { schema in
            switch schema.kind {
            case .list, .object, .anything: false
            default: true
            }
        }
    }

    /// Whether a value may begin with a minus.
    package var mayBeNegative: Bool {
        alternatives.contains { schema in
            switch schema.kind {
            case .number(let bounds): bounds.lower.map { $0.value < 0 } ?? true
            case .integer(let least, _): least.map { $0 < 0 } ?? true
            case .text(let form): form.format != nil
            case .list(let element, _): element.mayBeNegative
            default: false
            }
        }
    }

    /// What a value may be, in a few words; nil where the sentence says it all.
    package var allowed: String? {
        let texts = alternatives.compactMap { schema -> String? in
            switch schema.kind {
            case .number(let bounds): bounds.description
            case .integer(let least, let most): Self.range(least.map(Self.short), most.map(Self.short))
            case .words(let words): words.joined(separator: ", ")
            case .constant(let value): value.text
            case .list(let element, _):
                element.isWords
                    ? element.allowed.map { "some of \($0)" }
                    : element.allowed.map { $0.hasPrefix("each ") ? $0 : "each \($0)" }
            default: nil
            }
        }
        // Rows of numbers, and numbers without rows, are of the same.
        let different = texts.enumerated().filter { !texts[..<$0.offset].contains($0.element) }.map(\.element)
        return different.isEmpty ? nil : different.joined(separator: " or ")
    }

    private var isWords: Bool { if case .words = kind { true } else { false } }

    /// The default as people would write it.
    package var standardText: String? {
        guard let standard else { return nil }
        if let elements = standard.elements {
            return elements.compactMap { Schema.text(of: $0) }.joined(separator: ",")
        }
        return Self.text(of: standard)
    }

    private static func text(of value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        default: value.double.map(JSONText.number)
        }
    }

    /// Powers of two and ten in few characters.
    fileprivate static func short(_ value: Int) -> String {
        guard value >= 1_000_000 else { return String(value) }
        var rest = value, zeros = 0
        while rest.isMultiple(of: 10) { (rest, zeros) = (rest / 10, zeros + 1) }
        if rest == 1 { return "10^\(zeros)" }
        if value & (value - 1) == 0 { return "2^\(value.trailingZeroBitCount)" }
        if value & (value + 1) == 0 { return "2^\((value + 1).trailingZeroBitCount) - 1" }
        return String(value)
    }

    fileprivate static func range(_ least: String?, _ most: String?) -> String? {
        switch (least, most) {
        case (let least?, let most?): "\(least) to \(most)"
        case (let least?, nil): "at least \(least)"
        case (nil, let most?): "at most \(most)"
        case (nil, nil): nil
        }
    }
}

extension NumberBounds {
    /// In a few words; nil for any number. The largest numbers are left out: to a reader they are no bound.
    fileprivate var description: String? {
        if let lower, let upper, lower.isIncluded, upper.isIncluded, upper.value < 1e300 {
            return "\(JSONText.number(lower.value)) to \(JSONText.number(upper.value))"
        }
        let lower = lower.map { "\($0.isIncluded ? "at least" : "above") \(JSONText.number($0.value))" }
        let upper = upper.flatMap { end in
            end.value >= 1e300 ? nil : "\(end.isIncluded ? "at most" : "below") \(JSONText.number(end.value))"
        }
        let ends = [lower, upper].compactMap(\.self)
        return ends.isEmpty ? nil : ends.joined(separator: " and ")
    }
}
