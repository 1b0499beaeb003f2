/// Takes lines out of the buffer, each within the limit of what it belongs to.
extension RequestParser {
    /// Bytes. Long enough for any size and a signature of the chunk.
    private static let chunkHeaderLimit = 256

    /// The first byte of a TLS connection (RFC 8446 section 5.1).
    private static let handshakeRecord: UInt8 = 22

    /// The next line without its line end, once that is there: `position` moves past it.
    ///
    /// Bytes are judged one by one, in order, so that the outcome cannot depend on
    /// where a packet ended.
    mutating func nextLine() throws(ProtocolError) -> Range<Int>? {
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
            if case .requestLine = state, index == position, byte == RequestParser.handshakeRecord {
                throw .malformed(
                    "The request begins as TLS does, and this port takes plain HTTP: ask for http:// instead of https://."
                )
            }
            guard byte == UInt8(ascii: "\r") else {
                throw .malformed("The request contains a line feed without a carriage return, or a control character.")
            }
            guard index + 1 < end else { break }
            guard buffer[index + 1] == UInt8(ascii: "\n") else {
                throw .malformed("The request contains a carriage return without a line feed.")
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

    /// Chunks may have as much framing as they have content, and a head's length besides: a client that
    /// sends a byte at a time, or extensions that nobody reads, could otherwise send many times the body's limit.
    private var framingLimit: Int { headLimit + bodyBytes }
}
