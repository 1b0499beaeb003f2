/// Reads JSON (RFC 8259) strictly, a piece at a time: UTF-8 without a byte order mark, no trailing commas, no repeated names, numbers
/// that a Double can hold, arrays and objects no deeper than `deepest`, objects of at most `mostNames` names.
///
/// Memory is the text and at most a word for each value of it; time is in proportion to the text.
public struct JSONReader {
    static let deepest = 64
    /// No object of the API has more than some thirty fields.
    static let mostNames = 1000

    private let text: [UInt8]
    private var words: [UInt64] = []
    private var position = 0
    private var open: [Container] = []
    private var expected = Expected.value
    /// The first value that is JSON and cannot be taken; reported if the rest is JSON, too.
    private var invalid: JSONError?

    private enum Expected {
        case value, valueOrEnd, name, nameOrEnd, commaOrEnd, nothing
    }

    /// An array or object whose end has not been read.
    private struct Container {
        /// The place of its word.
        let start: Int
        let isObject: Bool
        /// Elements or names so far, the one that is being read included.
        var count = 0
        var hasOnlyNumbers = true
        /// The place of the last name's word.
        var name = 0
    }

    public init(_ text: [UInt8]) {
        self.text = text
        var most = 1
        for byte in text {
            let isBefore =
                byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":")
                || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
            most += isBefore ? 1 : 0
        }
        // A value or name follows each of these bytes, or one word is too many. No growing, no copies.
        words.reserveCapacity(most)
    }

    /// Bytes that the values take at most, beside their text.
    package var mostMemory: Int { words.capacity * MemoryLayout<UInt64>.size }

    /// The one value that `text` holds.
    public static func read(_ text: some Sequence<UInt8>) throws(JSONError) -> JSON {
        JSON(try node(Array(text)))
    }

    /// The one value that `text` holds, as it was read.
    public static func node(_ text: [UInt8]) throws(JSONError) -> JSONNode {
        var reader = JSONReader(text)
        while true {
            if let node = try reader.advance(bytes: .max) { return node }
        }
    }

    /// Reads on, `bytes` or a little more.
    ///
    /// - Returns: the value, once the text has been read to its end.
    public mutating func advance(bytes limit: Int) throws(JSONError) -> JSONNode? {
        let text = text, stop = position.addingReportingOverflow(limit)
        let result = text.withUnsafeBufferPointer { bytes -> Result<Bool, JSONError> in
            var scanner = JSONScanner(bytes: bytes, position: position)
            do throws(JSONFault) {
                if position == 0 { try Self.checkStart(scanner) }
                try read(&scanner, until: stop.overflow ? .max : stop.partialValue)
            } catch {
                return .failure(
                    self.error(
                        error.kind, at: error.position ?? scanner.position, error.reason,
                        error.kind == .depth ? pointer() : nil))
            }
            position = scanner.position
            return .success(expected == .nothing)
        }
        guard try result.get() else { return nil }
        if let invalid { throw invalid }
        return JSONNode(document: JSONDocument(text: text, words: words), index: 0)
    }

    private static func checkStart(_ scanner: JSONScanner) throws(JSONFault) {
        let bytes = scanner.bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw JSONFault("it begins with a byte order mark (EF BB BF): send it without one")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw JSONFault("it begins with the byte order mark of UTF-16; JSON is sent in UTF-8")
        }
    }

    private mutating func read(_ scanner: inout JSONScanner, until stop: Int) throws(JSONFault) {
        while expected != .nothing {
            guard scanner.position < stop else { return }
            scanner.skipSpace()
            switch expected {
            case .value: try value(&scanner)
            case .valueOrEnd:
                if scanner.take(UInt8(ascii: "]")) { close(scanner) } else { try value(&scanner) }
            case .name: try name(&scanner)
            case .nameOrEnd:
                if scanner.take(UInt8(ascii: "}")) { close(scanner) } else { try name(&scanner) }
            case .commaOrEnd: try commaOrEnd(&scanner)
            case .nothing: break
            }
        }
        scanner.skipSpace()
        guard scanner.peek == nil else { throw JSONFault("something follows the JSON value") }
    }

    private mutating func value(_ scanner: inout JSONScanner) throws(JSONFault) {
        if !open.isEmpty && !open[open.count - 1].isObject { open[open.count - 1].count += 1 }
        switch scanner.peek {
        case UInt8(ascii: "{"): return try begin(.object, &scanner)
        case UInt8(ascii: "["): return try begin(.array, &scanner)
        case UInt8(ascii: "\""):
            let start = scanner.position
            try scanner.skipString()
            append(JSONWord.make(.string, start))
        case UInt8(ascii: "t"):
            try scanner.expect("true")
            append(JSONWord.make(.yes))
        case UInt8(ascii: "f"):
            try scanner.expect("false")
            append(JSONWord.make(.no))
        case UInt8(ascii: "n"):
            try scanner.expect("null")
            append(JSONWord.make(.null))
        case .some(let byte) where byte == UInt8(ascii: "-") || isDigit(byte):
            words.append(try number(&scanner))
        case nil:
            throw JSONFault(
                words.isEmpty && scanner.position == scanner.bytes.count && open.isEmpty
                    ? "it is empty" : "the text ends where a value is expected")
        default: throw JSONFault("a value is expected")
        }
        expected = open.isEmpty ? .nothing : .commaOrEnd
    }

    private mutating func number(_ scanner: inout JSONScanner) throws(JSONFault) -> UInt64 {
        let start = scanner.position
        let value = try scanner.number()
        if value.isFinite { return value.bitPattern }
        let digits = String(decoding: scanner.bytes[start..<min(scanner.position, start + 40)], as: UTF8.self)
        refuse(at: start, "the number \(digits) is too large for a double", pointer())
        return 0
    }

    /// A value that is no number.
    private mutating func append(_ word: UInt64) {
        if !open.isEmpty { open[open.count - 1].hasOnlyNumbers = false }
        words.append(word)
    }

    private mutating func begin(_ kind: JSONWord.Kind, _ scanner: inout JSONScanner) throws(JSONFault) {
        guard open.count < Self.deepest else {
            throw JSONFault("arrays and objects nest deeper than \(Self.deepest)", .depth)
        }
        open.append(Container(start: words.count, isObject: kind == .object))
        words.append(JSONWord.make(kind))
        scanner.position += 1
        expected = kind == .object ? .nameOrEnd : .valueOrEnd
    }

    private mutating func name(_ scanner: inout JSONScanner) throws(JSONFault) {
        guard scanner.peek == UInt8(ascii: "\"") else { throw JSONFault("a field's name in quotes is expected") }
        let start = scanner.position
        try scanner.skipString()
        open[open.count - 1].count += 1
        open[open.count - 1].name = words.count
        if open[open.count - 1].count == Self.mostNames + 1 {
            refuse(at: start, "an object has more than \(Self.mostNames) fields", pointer(open.dropLast()))
        }
        words.append(JSONWord.make(.string, start))
        scanner.skipSpace()
        guard scanner.take(UInt8(ascii: ":")) else { throw JSONFault("a colon is expected after a name") }
        expected = .value
    }

    private mutating func commaOrEnd(_ scanner: inout JSONScanner) throws(JSONFault) {
        let isObject = open[open.count - 1].isObject
        if scanner.take(UInt8(ascii: ",")) {
            expected = isObject ? .name : .value
        } else if scanner.take(UInt8(ascii: isObject ? "}" : "]")) {
            close(scanner)
        } else {
            throw JSONFault("a comma or \(isObject ? "}" : "]") is expected")
        }
    }

    /// The last of the open ones has been read.
    private mutating func close(_ scanner: JSONScanner) {
        let container = open.removeLast()
        if container.isObject { checkNames(of: container, scanner) }
        let kind: JSONWord.Kind = container.isObject ? .object : container.hasOnlyNumbers ? .numbers : .array
        words[container.start] = JSONWord.make(kind, words.count)
        if !open.isEmpty { open[open.count - 1].hasOnlyNumbers = false }
        expected = open.isEmpty ? .nothing : .commaOrEnd
    }

    // MARK: What is JSON and cannot be taken

    private mutating func refuse(at position: Int, _ reason: String, _ pointer: String) {
        if invalid == nil { invalid = error(.value, at: position, reason, pointer) }
    }

    /// Names are compared as sequences of code points (RFC 8259, section 8.3), that is by their bytes.
    private mutating func checkNames(of container: Container, _ scanner: JSONScanner) {
        guard (2...Self.mostNames).contains(container.count), invalid == nil else { return }
        var seen: Set<ByteString> = [], place = container.start + 1
        while place < words.count {
            var name = JSONScanner(bytes: scanner.bytes, position: JSONWord.place(words[place]))
            let start = name.position, text = name.string()
            guard seen.insert(ByteString(text)).inserted else {
                let pointer = pointer() + "/" + JSONPointer.escaped(text)
                return refuse(at: start, "the field \(text.quoted) is repeated", pointer)
            }
            place += 1
            // Step over the value.
            switch JSONWord.kind(words[place]) {
            case .array, .numbers, .object: place = JSONWord.place(words[place])
            default: place += 1
            }
        }
    }

    /// Where the value is that is being read.
    private func pointer() -> String { pointer(open[...]) }

    private func pointer(_ containers: ArraySlice<Container>) -> String {
        containers.reduce("") { pointer, container in
            guard container.isObject else { return "\(pointer)/\(container.count - 1)" }
            let name = text.withUnsafeBufferPointer { bytes in
                var scanner = JSONScanner(bytes: bytes, position: JSONWord.place(words[container.name]))
                return scanner.string()
            }
            return "\(pointer)/\(JSONPointer.escaped(name))"
        }
    }

    private func error(
        _ kind: JSONError.Kind, at position: Int, _ reason: String, _ pointer: String? = nil
    ) -> JSONError {
        let before = text[..<min(position, text.count)]
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return JSONError(
            kind, line: before.count { $0 == 0x0a } + 1, column: position - lineStart + 1, reason: reason,
            pointer: pointer)
    }
}
