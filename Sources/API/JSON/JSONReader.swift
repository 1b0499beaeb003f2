/// Why bytes are not JSON, and where: counted from 1, columns in bytes.
public struct JSONSyntaxError: Error, Sendable, Equatable {
    public let line, column: Int
    public let reason: String

    public init(line: Int, column: Int, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }
}

/// Reads JSON (RFC 8259) strictly: UTF-8, no trailing commas, no repeated names, numbers that a
/// Double can hold, and no deeper than `deepest`. Arrays of numbers, which is what images are,
/// take a way of their own: a request is mostly digits.
public struct JSONReader {
    static let deepest = 64

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The one value that `bytes` hold.
    public static func read(_ bytes: some Collection<UInt8>) throws(JSONSyntaxError) -> JSON {
        let result = bytes.withContiguousStorageIfAvailable { Self.result(of: $0) }
            ?? Array(bytes).withUnsafeBufferPointer { Self.result(of: $0) }
        return try result.get()
    }

    private static func result(
        of bytes: UnsafeBufferPointer<UInt8>
    ) -> Result<JSON, JSONSyntaxError> {
        Result { () throws(JSONSyntaxError) in
            var reader = JSONReader(bytes)
            reader.skipSpace()
            guard reader.position < bytes.count else { throw reader.error("the body is empty") }
            let value = try reader.value()
            reader.skipSpace()
            guard reader.position == bytes.count else {
                throw reader.error("something follows the JSON value")
            }
            return value
        }
    }

    private mutating func value() throws(JSONSyntaxError) -> JSON {
        switch peek {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): try expect("true"); return .bool(true)
        case UInt8(ascii: "f"): try expect("false"); return .bool(false)
        case UInt8(ascii: "n"): try expect("null"); return .null
        case .some(let byte) where byte == UInt8(ascii: "-") || isDigit(byte):
            return .number(try number())
        case nil: throw error("the text ends where a value is expected")
        default: throw error("a value is expected")
        }
    }

    private mutating func object() throws(JSONSyntaxError) -> JSON {
        try descend()
        var fields: [(name: String, value: JSON)] = [], names: Set<String> = []
        position += 1
        skipSpace()
        if peek == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return .object([])
        }
        while true {
            guard peek == UInt8(ascii: "\"") else { throw error("a field's name in quotes is expected") }
            let name = try string()
            guard names.insert(name).inserted else { throw error("the field “\(name)” is repeated") }
            skipSpace()
            guard peek == UInt8(ascii: ":") else { throw error("a colon is expected after a name") }
            position += 1
            skipSpace()
            fields.append((name, try value()))
            skipSpace()
            if peek == UInt8(ascii: "}") { break }
            guard peek == UInt8(ascii: ",") else { throw error("a comma or } is expected") }
            position += 1
            skipSpace()
        }
        position += 1
        depth -= 1
        return .object(fields)
    }

    private mutating func array() throws(JSONSyntaxError) -> JSON {
        try descend()
        position += 1
        skipSpace()
        if peek == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return .array([])
        }
        var numbers: [Double] = [], values: [JSON]?
        while true {
            if values == nil, let byte = peek, byte == UInt8(ascii: "-") || isDigit(byte) {
                if numbers.isEmpty { numbers.reserveCapacity(32) }
                numbers.append(try number())
            } else {
                if values == nil { values = numbers.map { .number($0) } }
                values?.append(try value())
            }
            skipSpace()
            if peek == UInt8(ascii: "]") { break }
            guard peek == UInt8(ascii: ",") else { throw error("a comma or ] is expected") }
            position += 1
            skipSpace()
        }
        position += 1
        depth -= 1
        return values.map { .array($0) } ?? .numbers(numbers)
    }

    private mutating func descend() throws(JSONSyntaxError) {
        depth += 1
        if depth > Self.deepest { throw error("arrays and objects nest deeper than \(Self.deepest)") }
    }

    private mutating func expect(_ word: StaticString) throws(JSONSyntaxError) {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: expected) else { throw error("a value is expected") }
        position += expected.count
    }

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    func error(_ reason: String) -> JSONSyntaxError {
        let before = bytes[..<min(position, bytes.count)]
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return JSONSyntaxError(
            line: before.count { $0 == 0x0a } + 1, column: position - lineStart + 1, reason: reason)
    }
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }
