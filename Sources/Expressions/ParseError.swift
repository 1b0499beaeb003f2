/// An expression that cannot be read: where, what was expected there, and what stood there.
public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The character that the error is about, from 0.
    public let position: Int
    public let expected: String
    public let found: String

    init(in text: [UInt8], at offset: Int, expected: String, found: String) {
        // Offsets count bytes; people count characters.
        position = String(decoding: text[..<offset], as: UTF8.self).count
        self.expected = expected
        self.found = found
    }

    public var description: String {
        "expected \(expected) at character \(position + 1), found \(found)"
    }
}
