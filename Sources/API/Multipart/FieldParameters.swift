/// A field's value with parameters: `form-data; name="image"` (RFC 9110, section 5.6.6).
struct FieldParameters {
    /// In lower case: `form-data`.
    let essence: String
    private let parameters: [(name: String, value: String)]

    /// - Returns: nil where the value cannot be read so.
    init?(_ field: String) {
        var rest = Array(field.utf8)[...]
        let semicolon = UInt8(ascii: ";"), quote = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\")
        func text(_ bytes: some Sequence<UInt8>) -> Substring {
            String(decoding: Array(bytes), as: UTF8.self)[...].trimmed
        }
        essence = text(rest.prefix { $0 != semicolon }).lowercased()
        rest = rest.drop { $0 != semicolon }.dropFirst()
        var parameters: [(name: String, value: String)] = []
        while !rest.isEmpty {
            let name = text(rest.prefix { $0 != UInt8(ascii: "=") && $0 != semicolon }).lowercased()
            rest = rest.drop { $0 != UInt8(ascii: "=") && $0 != semicolon }
            guard rest.first == UInt8(ascii: "=") else {
                guard name.isEmpty else { return nil }
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst()
            guard rest.first == quote else {
                parameters.append((name, String(text(rest.prefix { $0 != semicolon }))))
                rest = rest.drop { $0 != semicolon }.dropFirst()
                continue
            }
            rest = rest.dropFirst()
            var value: [UInt8] = []
            while let byte = rest.first, byte != quote {
                rest = rest.dropFirst()
                // Browsers leave backslashes in the names of files as they are: before other bytes they are themselves.
                if byte == backslash, let next = rest.first, next == quote || next == backslash {
                    value.append(next)
                    rest = rest.dropFirst()
                } else {
                    value.append(byte)
                }
            }
            guard rest.first == quote else { return nil }
            rest = rest.dropFirst()
            guard text(rest.prefix { $0 != semicolon }).isEmpty else { return nil }
            rest = rest.drop { $0 != semicolon }.dropFirst()
            parameters.append((name, String(decoding: value, as: UTF8.self)))
        }
        self.parameters = parameters
    }

    /// The first of that name, which is given in lower case.
    subscript(name: String) -> String? { parameters.first { $0.name.isIdentical(to: name) }?.value }
}
