/// Takes a `multipart` body apart as it comes (RFC 2046, section 5.1): a state machine, bytes in, events out.
///
/// The events do not depend on how the bytes were cut up, except that a part's content may come in more
/// pieces. What comes before the first delimiter and after the last is left out. O(bytes).
package struct MultipartParser {
    package enum Event: Equatable {
        /// A part begins; the fields of its head.
        case part([FieldLine])
        /// Some bytes of its content, never none.
        case content([UInt8])
        /// The last delimiter has come.
        case end
    }

    /// A field of a part's head, its name in lower case.
    package struct FieldLine: Equatable, Sendable {
        package let name, value: String
    }

    private enum State {
        /// In the preamble or in a part's content, up to the next delimiter.
        case content(isPart: Bool)
        /// In the rest of a delimiter's line.
        case delimiter
        case head
        case end
    }

    /// The line end, two hyphens and the boundary.
    private let delimiter: [UInt8]
    private let mostParts, mostHeadBytes: Int

    // A body may begin with a delimiter, which then has no line end before it.
    private var buffer: ArraySlice<UInt8> = [0x0D, 0x0A]
    private var state = State.content(isPart: false)
    private var parts = 0
    private var fields: [FieldLine] = []
    /// Bytes of the present part's head, its delimiter's line included.
    private var headBytes = 0

    /// - Parameters:
    ///   - boundary: 1 … 70 bytes
    ///   - mostParts: a body with more of them is refused
    ///   - mostHeadBytes: a part with a longer head is refused
    package init(boundary: String, mostParts: Int = 64, mostHeadBytes: Int = 4096) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.mostParts = mostParts
        self.mostHeadBytes = mostHeadBytes
    }

    package mutating func append(_ bytes: [UInt8]) {
        if case .end = state { return }
        buffer = buffer.isEmpty ? bytes[...] : buffer + bytes
    }

    /// Whether the last delimiter has come.
    package var isAtEnd: Bool {
        if case .end = state { true } else { false }
    }

    /// The next event, nil where that takes more bytes.
    ///
    /// - Throws: `Problem` 400 for what is no such body, 413 for too many parts or too long a head.
    package mutating func next() throws -> Event? {
        while true {
            switch state {
            case .content(let isPart):
                let (place, isWhole) = nextDelimiter()
                let content = Array(buffer[..<place])
                buffer = buffer[place...]
                if isWhole {
                    buffer = buffer.dropFirst(delimiter.count)
                    headBytes = 0
                    state = .delimiter
                }
                if isPart, !content.isEmpty { return .content(content) }
                if !isWhole { return nil }
            case .delimiter:
                guard let isLast = try endDelimiter() else { return nil }
                if isLast {
                    buffer = []
                    state = .end
                    return .end
                }
                parts += 1
                guard parts <= mostParts else {
                    throw Problem(.contentTooLarge, "The form has more than \(mostParts) parts.")
                }
                fields = []
                state = .head
            case .head:
                // A part without content may lack the empty line: its delimiter's line end is the head's.
                let isEmptyPart = buffer.starts(with: delimiter)
                if !isEmptyPart {
                    if buffer.count < delimiter.count, delimiter.starts(with: buffer) { return nil }
                    guard let line = try line() else { return nil }
                    if !line.isEmpty {
                        fields.append(try Self.field(line))
                        continue
                    }
                }
                state = .content(isPart: true)
                return .part(fields)
            case .end: return nil
            }
        }
    }

    /// Where the next delimiter begins, or what may be the beginning of one; the buffer's end where there is neither.
    private func nextDelimiter() -> (place: Int, isWhole: Bool) {
        var start = buffer.startIndex
        // Only a delimiter's first byte is a carriage return, so that no byte is compared twice.
        while let place = buffer[start...].firstIndex(of: 0x0D) {
            let rest = buffer[place...]
            if rest.starts(with: delimiter) { return (place, true) }
            if rest.count < delimiter.count, delimiter.starts(with: rest) { return (place, false) }
            start = place + 1
        }
        return (buffer.endIndex, false)
    }

    /// Whether the delimiter was the last one; nil where that takes more bytes.
    private mutating func endDelimiter() throws -> Bool? {
        let hyphens = buffer.prefix(2)
        if hyphens.elementsEqual("--".utf8) { return true }
        if hyphens.elementsEqual("-".utf8) || hyphens.isEmpty { return nil }
        guard let line = try line() else { return nil }
        guard line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else {
            throw Problem.malformed("The form is broken: something follows the boundary in its line.")
        }
        return false
    }

    /// A line without its end; nil where it has not come whole.
    private mutating func line() throws -> ArraySlice<UInt8>? {
        let most = buffer.prefix(mostHeadBytes - headBytes + 2)
        let end = most.firstIndex { $0 == 0x0A || $0 == 0x0D }
        guard let end, end + 1 < buffer.endIndex else {
            guard end != nil || most.count < mostHeadBytes - headBytes + 2 else {
                throw Problem(.contentTooLarge, "The head of a part of the form is longer than \(mostHeadBytes) bytes.")
            }
            return nil
        }
        guard buffer[end] == 0x0D, buffer[end + 1] == 0x0A else {
            throw Problem.malformed("The form is broken: a line of a part's head does not end with CR and LF.")
        }
        let line = buffer[..<end]
        headBytes += line.count + 2
        buffer = buffer[(end + 2)...]
        return line
    }

    private static func field(_ line: ArraySlice<UInt8>) throws -> FieldLine {
        guard let text = String(validating: line, as: UTF8.self), let colon = text.firstIndex(of: ":"),
            colon > text.startIndex,
            text.first != " ", text.first != "\t"
        else { throw Problem.malformed("The form is broken: a line of a part's head is not a header field.") }
        return FieldLine(
            name: text[..<colon].lowercased(), value: String(text[text.index(after: colon)...].trimmed))
    }
}
