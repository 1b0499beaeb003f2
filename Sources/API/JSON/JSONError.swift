/// Why a text cannot be taken as JSON, and where: lines and columns are counted from 1, columns in bytes.
public struct JSONError: Error, Sendable, Equatable {
    public enum Kind: Sendable {
        /// The text breaks the grammar (RFC 8259).
        case syntax
        /// The text nests deeper than the reader goes; what follows is not known.
        case depth
        /// The text is JSON and holds a value that is not taken: a repeated name, a number beyond a double.
        case value
    }

    public let kind: Kind
    public let line, column: Int
    /// A clause: “a comma or ] is expected”.
    public let reason: String
    /// The JSON Pointer (RFC 6901) of the value to blame, where there is one.
    public let pointer: String?

    public init(
        _ kind: Kind = .syntax, line: Int, column: Int, reason: String, pointer: String? = nil
    ) {
        self.kind = kind
        self.line = line
        self.column = column
        self.reason = reason
        self.pointer = pointer
    }
}

/// A breach of the grammar at a scanner's position.
struct JSONFault: Error {
    let reason: String
    var kind = JSONError.Kind.syntax
    /// Where the fault is; nil for the scanner's position.
    var position: Int?

    init(_ reason: String, _ kind: JSONError.Kind = .syntax, at position: Int? = nil) {
        self.reason = reason
        self.kind = kind
        self.position = position
    }
}
