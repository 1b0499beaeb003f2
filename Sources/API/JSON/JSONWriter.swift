import Logging

/// Writes JSON so that every number reads back as the same double, in the order of the fields, a piece at a
/// time. A number that is not finite, which no caller means to write, becomes null and is logged.
public struct JSONWriter: PieceSource {
    /// How a reply is laid out.
    public enum Layout: Sendable {
        /// One line: NDJSON.
        case line
        /// A field a line, and a row of numbers a line: what a person wants to read.
        case page
    }

    private let layout: Layout
    private var bytes: [UInt8] = []
    private var open: [Container] = []
    private var isFinished = false

    /// An array or object that has not been written to its end.
    private struct Container {
        let value: JSON
        let count: Int
        let indent: Int
        /// Whether each element has a line of its own.
        let breaks: Bool
        var next = 0
        var isObject: Bool { if case .object = value { true } else { false } }
    }

    /// - Parameter value: is written with a newline at its end.
    public init(_ value: JSON, _ layout: Layout) {
        self.layout = layout
        begin(value, indent: 0)
    }

    /// The value's text, ended by a newline.
    public static func write(_ value: JSON, _ layout: Layout) -> [UInt8] {
        var writer = JSONWriter(value, layout)
        return writer.piece(.max) ?? []
    }

    /// The next bytes, `size` or a little more; nil at the end.
    public mutating func piece(_ size: Int) -> [UInt8]? {
        if isFinished { return nil }
        while bytes.count < size {
            guard let container = open.last else {
                bytes.append(UInt8(ascii: "\n"))
                isFinished = true
                break
            }
            if container.next < container.count { step() } else { end() }
        }
        defer { bytes.removeAll() }
        return bytes
    }

    /// Writes a value, or the opening bracket of one that has parts.
    private mutating func begin(_ value: JSON, indent: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let value): append(value)
        case .string(let value): append(quoted: value)
        case .numbers(let values): open(value, values.count, indent: indent, breaks: false)
        case .singles(let values): open(value, values.count, indent: indent, breaks: false)
        case .generated(let values): open(value, values.count, indent: indent, breaks: values.areNested)
        case .array(let values):
            open(value, values.count, indent: indent, breaks: values.contains { $0.isNested })
        case .object(let fields):
            open(
                value, fields.count, indent: indent,
                breaks: indent == 0 && open.isEmpty || fields.contains { $0.value.isNested })
        }
    }

    private mutating func open(_ value: JSON, _ count: Int, indent: Int, breaks: Bool) {
        let container = Container(
            value: value, count: count, indent: indent, breaks: breaks && layout == .page && count > 0)
        append(container.isObject ? "{" : "[")
        open.append(container)
    }

    /// Writes the next numbers of the container at a place.
    @inline(__always)
    private mutating func step(over count: Int, at place: Int, _ append: (inout Self, Int) -> Void) {
        let end = min(open[place].next + 256, count)
        for k in open[place].next..<end {
            if k > 0 { bytes.append(UInt8(ascii: ",")) }
            append(&self, k)
        }
        open[place].next = end
    }

    /// Writes the next part of the innermost container; of numbers, some at once.
    private mutating func step() {
        let place = open.count - 1, container = open[place], index = container.next
        switch container.value {
        case .numbers(let values): return step(over: values.count, at: place) { $0.append(values[$1]) }
        case .singles(let values): return step(over: values.count, at: place) { $0.append(values[$1]) }
        default: break
        }
        open[place].next = index + 1
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        if container.breaks { newLine(container.indent + 2) }
        let indent = container.breaks ? container.indent + 2 : container.indent
        switch container.value {
        case .array(let values): begin(values[index], indent: indent)
        case .generated(let values): begin(values.element(index), indent: indent)
        case .object(let fields):
            append(quoted: fields[index].name)
            append(container.breaks ? ": " : ":")
            begin(fields[index].value, indent: indent)
        default: break
        }
    }

    private mutating func end() {
        let container = open.removeLast()
        if container.breaks { newLine(container.indent) }
        append(container.isObject ? "}" : "]")
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
        guard value.isFinite else {
            logNonFinite()
            return append("null")
        }
        append(value.description)
        if bytes.suffix(2).elementsEqual([UInt8(ascii: "."), UInt8(ascii: "0")]) {
            bytes.removeLast(2)
        }
    }

    private func logNonFinite() {
        let place = open.map { container in
            if case .object(let fields) = container.value, container.next > 0 && container.next <= fields.count {
                return "/" + fields[container.next - 1].name
            }
            return "/\(container.next)"
        }.joined()
        Logger(label: "api").error(
            "a number that is not finite was written as null", metadata: ["pointer": "\(place)"])
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
        case .array, .object, .numbers, .singles, .generated: true
        default: false
        }
    }
}
