extension Fields {
    /// The most names that a list of names or choices holds.
    static let longestList = 1000
    /// Bytes of the longest text in a list, as it was sent.
    private static let longestElement = 10_000

    /// A list of enumeration cases by their raw values: separated by commas in a query, an array
    /// of strings in JSON.
    public mutating func choices<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) throws -> [Choice]? where Choice.RawValue == String {
        let texts: [String]
        switch peek(name) {
        case nil:
            _ = take(name)
            return nil
        case .text(let text):
            _ = take(name)
            texts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
        case .json: texts = try strings(name) ?? []
        }
        return try texts.enumerated().map { index, text in
            try Self.choice(text, "“\(name)” lists some of", culprit(name, index))
        }
    }

    /// A list of finite numbers; in JSON only.
    public mutating func numbers(_ name: String) throws -> [Double]? {
        guard let json = try json(name) else { return nil }
        if let numbers = json.numbers { return numbers }
        guard let elements = json.elements else {
            throw wrongKind(name, "a list of numbers", json)
        }
        return try elements.enumerated().map { index, element in
            guard let number = element.double else {
                throw Problem.invalid(
                    "“\(name)” must be a list of numbers; element \(index) is \(element.kind).",
                    culprit(name, index))
            }
            return number
        }
    }

    /// A list of strings; in JSON only.
    public mutating func strings(_ name: String) throws -> [String]? {
        guard let json = try json(name) else { return nil }
        guard let elements = json.elements else {
            throw wrongKind(name, "a list of strings", json)
        }
        if let count = json.count, count > Self.longestList {
            throw Problem.invalid(
                "“\(name)” must have at most \(Self.longestList) elements, not \(count).", culprit(name))
        }
        return try elements.enumerated().map { index, element in
            guard element.stringLength <= Self.longestElement, let text = element.string else {
                let found = element.stringLength > 0 ? "too long" : element.kind
                throw Problem.invalid(
                    "“\(name)” must be a list of strings; element \(index) is \(found).",
                    culprit(name, index))
            }
            return text
        }
    }

    /// How errors name an element of a list; a query's lists are one parameter.
    func culprit(_ name: String, _ index: Int) -> Problem.Culprit {
        switch culprit(name) {
        case .parameter(let name): .parameter(name)
        case .pointer(let pointer): .pointer("\(pointer)/\(index)")
        }
    }
}
