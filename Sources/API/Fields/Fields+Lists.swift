extension Fields {
    /// A list of enumeration cases by their raw values: separated by commas in a query, an array
    /// of strings in JSON.
    public mutating func choices<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) throws -> [Choice]? where Choice.RawValue == String {
        let texts: [(text: String, culprit: Problem.Culprit)]
        switch take(name) {
        case nil: return nil
        case .text(let text):
            texts = text.split(separator: ",", omittingEmptySubsequences: false)
                .map { (String($0.trimmed), culprit(name)) }
        case .json(let json):
            guard let elements = json.elements else { throw wrongKind(name, "a list", json) }
            texts = try elements.enumerated().map { index, element in
                guard case .string(let text) = element else {
                    throw Problem.invalid(
                        "“\(name)” is a list of strings, but it holds \(element.kind).",
                        culprit(name, index))
                }
                return (text, culprit(name, index))
            }
        }
        return try texts.map { text, culprit in
            if let choice = Choice(rawValue: text) { return choice }
            let names = Choice.allCases.map(\.rawValue)
            var detail = "“\(name)” lists some of \(names.joined(separator: ", ")), not “\(text.prefix(40))”."
            if let near = Spelling.nearest(to: text, among: names) { detail += " Did you mean “\(near)”?" }
            throw Problem.invalid(detail, culprit)
        }
    }

    /// A list of numbers; in JSON only.
    public mutating func numbers(_ name: String) throws -> [Double]? {
        guard let json = try json(name) else { return nil }
        if case .numbers(let values) = json { return values }
        guard let elements = json.elements else {
            throw wrongKind(name, "a list of numbers", json)
        }
        return try elements.enumerated().map { index, element in
            guard let number = element.double else {
                throw Problem.invalid(
                    "“\(name)” is a list of numbers, but it holds \(element.kind).",
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
        return try elements.enumerated().map { index, element in
            guard case .string(let text) = element else {
                throw Problem.invalid(
                    "“\(name)” is a list of strings, but it holds \(element.kind).",
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
