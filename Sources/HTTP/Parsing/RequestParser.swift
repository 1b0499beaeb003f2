/// Turns the bytes of a connection into requests: a state machine without a socket or a clock.
///
/// Give it bytes as they come with ``append(_:)`` and call ``next()`` until it returns nil.
/// The events do not depend on how the bytes were cut up, except that a body may come
/// in more pieces. After an error it throws that error for ever.
package struct RequestParser {
    package enum Event {
        /// The request line and the fields; set ``bodyLimit`` before going on.
        case head(RequestHead)
        /// Some bytes of the body, never none.
        case body([UInt8])
        /// The request is complete.
        case end
    }

    private enum State {
        case requestLine
        case fields
        case content(remaining: Int)
        case chunkHeader
        case chunk(remaining: Int)
        case chunkEnd
        case trailers
        case failed(ProtocolError)
    }

    /// The most bytes of the present request's body.
    package var bodyLimit: Int

    private let headLimit: Int
    private let fieldLimit: Int
    private var state = State.requestLine
    private var requestLine: RequestLine?
    private var fields = FieldLines()

    private var buffer: [UInt8] = []
    /// Where the next event begins in the buffer.
    private var position = 0
    /// How far past `position` no line end was found.
    private var scanned = 0
    /// Bytes of the present head, or of the chunks' framing, or of the trailers, before `position`.
    private var used = 0
    private var bodyBytes = 0

    /// Long enough for any size and a signature, short enough to be no way around the body limit.
    private static let chunkHeaderLimit = 256

    package init(headLimit: Int, fieldLimit: Int, bodyLimit: Int) {
        self.headLimit = headLimit
        self.fieldLimit = fieldLimit
        self.bodyLimit = bodyLimit
    }

    /// Whether no byte of a next request has come, save the one empty line that is ignored.
    package var isBetweenRequests: Bool {
        if case .requestLine = state { used <= 2 && position == buffer.count } else { false }
    }

    /// Whether bytes have come that no event has told of.
    var hasUnreadBytes: Bool { position < buffer.count }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        if position == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 4096)
            position = 0
        } else if position >= 4096 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next event, nil where that takes more bytes.
    package mutating func next() throws(ProtocolError) -> Event? {
        do throws(ProtocolError) {
            while true {
                if let step = try step() { return step.event }
            }
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// What one step of the state machine came to; nil in its place means take another.
    private enum Step {
        case event(Event)
        case needsMore

        var event: Event? {
            if case .event(let event) = self { event } else { nil }
        }
    }

    private mutating func step() throws(ProtocolError) -> Step? {
        switch state {
        case .requestLine:
            guard let line = try nextLine() else { return .needsMore }
            // One empty line before a request is ignored (RFC 9112 section 2.2).
            if line.isEmpty && used == 2 { return nil }
            requestLine = try RequestLine(buffer[line])
            fields = FieldLines()
            state = .fields

        case .fields:
            guard let line = try nextLine() else { return .needsMore }
            guard line.isEmpty, let requestLine else {
                try appendField(buffer[line])
                return nil
            }
            let head = try RequestHead(line: requestLine, fields: fields)
            used = 0
            bodyBytes = 0
            state = head.contentLength.map { .content(remaining: $0) } ?? .chunkHeader
            return .event(.head(head))

        case .content(let remaining):
            if bodyBytes == 0 { try admit(remaining) }
            guard remaining > 0 else {
                state = .requestLine
                return .event(.end)
            }
            guard let bytes = take(atMost: remaining) else { return .needsMore }
            state = .content(remaining: remaining - bytes.count)
            return .event(.body(bytes))

        case .chunkHeader:
            guard let line = try nextLine() else { return .needsMore }
            let header = try ChunkHeader(buffer[line])
            try admit(header.size)
            if header.size == 0 {
                fields = FieldLines()
                used = 0
                state = .trailers
            } else {
                state = .chunk(remaining: header.size)
            }

        case .chunk(let remaining):
            guard remaining > 0 else {
                state = .chunkEnd
                return nil
            }
            guard let bytes = take(atMost: remaining) else { return .needsMore }
            state = .chunk(remaining: remaining - bytes.count)
            return .event(.body(bytes))

        case .chunkEnd:
            guard position < buffer.count else { return .needsMore }
            guard buffer[position] == UInt8(ascii: "\r") else { throw .malformed("A chunk is longer than its size.") }
            guard position + 1 < buffer.count else { return .needsMore }
            guard buffer[position + 1] == UInt8(ascii: "\n") else { throw .malformed("A chunk does not end with a line end.") }
            position += 2
            used += 2
            state = .chunkHeader

        case .trailers:
            guard let line = try nextLine() else { return .needsMore }
            guard line.isEmpty else {
                try appendField(buffer[line])
                return nil
            }
            // Nothing here reads trailers: they were checked and counted, and end here.
            try checkTrailers()
            fields = FieldLines()
            used = 0
            state = .requestLine
            return .event(.end)

        case .failed(let error):
            throw error
        }
        return nil
    }

    private mutating func appendField(_ line: ArraySlice<UInt8>) throws(ProtocolError) {
        guard fields.count < fieldLimit else {
            throw ProtocolError(.requestHeaderFieldsTooLarge, "There are more than \(fieldLimit) header fields.")
        }
        guard line.first != UInt8(ascii: " "), line.first != UInt8(ascii: "\t") else {
            throw .malformed("A header line begins with a space: folded lines are not allowed.")
        }
        try fields.append(line: line)
    }

    /// A trailer cannot say anew how long the message was or whom it was for (RFC 9110 section 6.5.1).
    private func checkTrailers() throws(ProtocolError) {
        for name: StaticString in ["content-length", "transfer-encoding", "host"] where !fields.values(of: name).isEmpty {
            throw .malformed("A trailer must not carry the field \(name).", field: "\(name)")
        }
    }

    /// Chunks may have as much framing as they have content, and a head's length besides: a client that
    /// sends a byte at a time, or extensions that nobody reads, would else keep the server
    /// at work for many times the body's limit.
    private var framingLimit: Int { headLimit + bodyBytes }

    /// Refuses the body as soon as it is known to be too long.
    private func admit(_ bytes: Int) throws(ProtocolError) {
        guard bytes <= bodyLimit - bodyBytes else {
            throw ProtocolError(.contentTooLarge, "The body is longer than \(bodyLimit) bytes.")
        }
    }

    private mutating func take(atMost limit: Int) -> [UInt8]? {
        let count = min(limit, buffer.count - position)
        guard count > 0 else { return nil }
        let bytes = Array(buffer[position..<(position + count)])
        position += count
        bodyBytes += count
        return bytes
    }

    /// The next line without its line end, once that is there: `position` moves past it.
    ///
    /// Bytes are judged one by one, in order, so that the outcome cannot depend on
    /// where a packet ended.
    private mutating func nextLine() throws(ProtocolError) -> Range<Int>? {
        let limit = lineLimit
        var index = position + scanned
        let end = buffer.count
        while index < end {
            guard index - position < limit else { throw lineTooLong }
            let byte = buffer[index]
            if byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t") {
                index += 1
                continue
            }
            guard byte == UInt8(ascii: "\r") else {
                throw .malformed("There is a line feed without a carriage return, or a control character.")
            }
            guard index + 1 < end else { break }
            guard buffer[index + 1] == UInt8(ascii: "\n") else {
                throw .malformed("There is a carriage return without a line feed.")
            }
            let line = position..<index
            used += line.count + 2
            position = index + 2
            scanned = 0
            return line
        }
        scanned = index - position
        return nil
    }

    private var lineLimit: Int {
        switch state {
        case .chunkHeader: min(framingLimit - used, RequestParser.chunkHeaderLimit)
        default: headLimit - used
        }
    }

    private var lineTooLong: ProtocolError {
        switch state {
        case .requestLine where buffer[position..<(position + lineLimit)].contains(UInt8(ascii: " ")):
            ProtocolError(.uriTooLong, "The request line is longer than \(headLimit) bytes.")
        case .requestLine:
            .malformed("The request line does not begin with a method.")
        case .chunkHeader where lineLimit == RequestParser.chunkHeaderLimit:
            .malformed("The extensions of a chunk are longer than \(RequestParser.chunkHeaderLimit) bytes.")
        case .chunkHeader:
            .malformed("The chunks of the body have more framing than content. Send larger chunks.")
        case .trailers:
            ProtocolError(.requestHeaderFieldsTooLarge, "The trailers are longer than \(headLimit) bytes.")
        default:
            ProtocolError(.requestHeaderFieldsTooLarge, "The head is longer than \(headLimit) bytes.")
        }
    }
}
