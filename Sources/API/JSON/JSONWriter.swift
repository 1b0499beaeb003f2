/// Writes JSON so that every number reads back as the same double, in the order of the fields.
public struct JSONWriter {
    /// How a reply is laid out.
    public enum Layout: Sendable {
        /// One line: NDJSON.
        case line
        /// A field a line, and a row of numbers a line: what a person wants to read.
        case page
    }

    private var bytes: [UInt8] = []
    private let layout: Layout

    private init(_ layout: Layout) { self.layout = layout }

    /// The value's text, ended by a newline.
    public static func write(_ value: JSON, _ layout: Layout) -> [UInt8] {
        var writer = JSONWriter(layout)
        writer.bytes.reserveCapacity(1024)
        writer.write(value, indent: 0)
        writer.bytes.append(UInt8(ascii: "\n"))
        return writer.bytes
    }

    private mutating func write(_ value: JSON, indent: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let value): append(value)
        case .string(let value): append(quoted: value)
        case .numbers(let values): list(values) { $0.append($1) }
        case .singles(let values): list(values) { $0.append($1) }
        case .array(let values):
            let breaks = layout == .page && values.contains { $0.isNested }
            list(values, breaks: breaks, indent: indent) {
                $0.write($1, indent: breaks ? indent + 2 : indent)
            }
        case .object(let fields):
            let breaks = layout == .page && (indent == 0 || fields.contains { $0.value.isNested })
            list(fields, "{", "}", breaks: breaks, indent: indent) {
                $0.append(quoted: $1.name)
                $0.append(breaks ? ": " : ":")
                $0.write($1.value, indent: breaks ? indent + 2 : indent)
            }
        }
    }

    private mutating func list<Element>(
        _ elements: [Element], _ open: String = "[", _ close: String = "]", breaks: Bool = false,
        indent: Int = 0, _ write: (inout JSONWriter, Element) -> Void
    ) {
        append(open)
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            if breaks && !elements.isEmpty { newLine(indent + 2) }
            write(&self, element)
        }
        if breaks && !elements.isEmpty { newLine(indent) }
        append(close)
    }

    private mutating func newLine(_ indent: Int) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Swift's description is the shortest decimal that reads back as the same value; whole
    /// numbers go without their “.0”.
    private mutating func append<Value: BinaryFloatingPoint & CustomStringConvertible>(
        _ value: Value
    ) {
        precondition(value.isFinite, "JSON has no \(value): say null")
        append(value.description)
        if bytes.suffix(2).elementsEqual([UInt8(ascii: "."), UInt8(ascii: "0")]) {
            bytes.removeLast(2)
        }
    }

    private mutating func append(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0a: append("\\n")
            case 0x0d: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20:
                append("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))")
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSON {
    fileprivate var isNested: Bool {
        switch self {
        case .array, .object, .numbers, .singles: true
        default: false
        }
    }
}
