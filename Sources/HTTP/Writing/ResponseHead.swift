import HTTPTypes

/// How the client can tell where a response's body ends (RFC 9112 section 6.3).
enum ResponseFraming: Equatable {
    case length(Int)
    case chunked
    /// HTTP/1.0 has no chunks: the body ends with the connection.
    case untilClose
    /// 204 and 304, which have neither a body nor a length.
    case none

    init(_ response: Response, minorVersion: Int) {
        switch response.body {
        case _ where response.status == .noContent || response.status == .notModified: self = .none
        case .bytes(let bytes): self = .length(bytes.count)
        case .stream: self = minorVersion > 0 ? .chunked : .untilClose
        }
    }
}

/// The status line and header fields of a response, ready to be encoded.
struct ResponseHead {
    let status: HTTPResponse.Status
    let fields: HTTPFields
    let framing: ResponseFraming
    let requestID: String
    let minorVersion: Int
    let keepAlive: Bool

    /// Appends the head. `HTTPFields` has no field with a line end or a NUL in it, so
    /// that nothing that a handler says can end a line early.
    func encode(into output: inout [UInt8], date: [UInt8]) {
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        output.append(decimal: status.code)
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: status.reasonPhrase.utf8)
        output.append(contentsOf: "\r\nDate: ".utf8)
        output.append(contentsOf: date)
        output.append(contentsOf: "\r\nX-Request-ID: ".utf8)
        output.append(contentsOf: requestID.utf8)
        for field in fields where !ResponseHead.isOurs(field.name) && !isLeftOut(field.name) {
            output.append(contentsOf: "\r\n".utf8)
            output.append(field: field)
        }
        switch framing {
        case .length(let length):
            output.append(contentsOf: "\r\nContent-Length: ".utf8)
            output.append(decimal: length)
        case .chunked:
            output.append(contentsOf: "\r\nTransfer-Encoding: chunked".utf8)
        case .untilClose, .none:
            break
        }
        if !keepAlive {
            output.append(contentsOf: "\r\nConnection: close".utf8)
        } else if minorVersion == 0 {
            output.append(contentsOf: "\r\nConnection: keep-alive".utf8)
        }
        output.append(contentsOf: "\r\n\r\n".utf8)
    }

    /// Content-Type describes what a 304 does not send (RFC 9110 section 15.4.5).
    private func isLeftOut(_ name: HTTPField.Name) -> Bool {
        status == .notModified && name == .contentType
    }

    /// The fields that the server alone sets.
    static func isOurs(_ name: HTTPField.Name) -> Bool {
        switch name.canonicalName {
        case "connection", "content-length", "date", "keep-alive", "transfer-encoding", "x-request-id": true
        default: false
        }
    }

    /// Whether a handler's fields ask for the connection to be closed.
    static func asksToClose(_ fields: HTTPFields) -> Bool {
        guard let options = fields[.connection] else { return false }
        return options.utf8.split(separator: UInt8(ascii: ",")).contains {
            ArraySlice($0).trimmingWhitespace().equalsIgnoringCase("close")
        }
    }
}

extension [UInt8] {
    /// `Name: value`, without a line end.
    mutating func append(field: HTTPField) {
        append(contentsOf: field.name.rawName.utf8)
        append(contentsOf: ": ".utf8)
        field.withUnsafeBytesOfValue { append(contentsOf: $0) }
    }

    mutating func append(decimal number: Int) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// The line before a chunk.
    mutating func append(chunkSize size: Int) {
        append(contentsOf: String(size, radix: 16).utf8)
        append(contentsOf: "\r\n".utf8)
    }

    /// The last chunk, the trailers and the empty line.
    mutating func append(lastChunkWith trailers: HTTPFields) {
        append(contentsOf: "0\r\n".utf8)
        for field in trailers where !ResponseHead.isOurs(field.name) {
            append(field: field)
            append(contentsOf: "\r\n".utf8)
        }
        append(contentsOf: "\r\n".utf8)
    }
}
