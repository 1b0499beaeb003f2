import HTTPTypes

/// How long the body is (RFC 9112 section 6).
enum BodyFraming: Sendable, Equatable {
    /// Exactly so many bytes; 0 where the head announces no body.
    case length(Int)
    case chunked
}

/// What the fields of a head say about the message itself, checked.
///
/// Every rule here prevents request smuggling: where two programs read the same bytes differently, one
/// client's request can end up inside another's.
struct MessageFraming {
    let body: BodyFraming
    let keepAlive: Bool
    let expectsContinue: Bool

    init(_ fields: FieldLines, line: RequestLine) throws(ProtocolError) {
        try MessageFraming.checkHost(fields, minorVersion: line.minorVersion)
        body = try MessageFraming.body(fields, minorVersion: line.minorVersion)
        keepAlive = try MessageFraming.keepAlive(fields, minorVersion: line.minorVersion)
        expectsContinue = try MessageFraming.expectsContinue(fields, minorVersion: line.minorVersion)
        if line.method == .trace && body != .length(0) {
            throw .malformed("A TRACE request has no body.")
        }
    }

    /// RFC 9112 section 3.2.
    private static func checkHost(_ fields: FieldLines, minorVersion: Int) throws(ProtocolError) {
        let hosts = fields.values(of: "host")
        guard hosts.count <= 1 else {
            throw .malformed("The request has more than one Host field.", field: "Host")
        }
        if let host = hosts.first {
            guard RequestTarget.isAuthority(host) else {
                throw .malformed("The Host field is not a host and a port.", field: "Host")
            }
        } else if minorVersion > 0 {
            throw .malformed("The request has no Host field.", field: "Host")
        }
    }

    private static func body(_ fields: FieldLines, minorVersion: Int) throws(ProtocolError) -> BodyFraming {
        // Gateways that turn one into the other would see a length where this server sees none.
        for lookalike: StaticString in ["content_length", "transfer_encoding"]
        where !fields.values(of: lookalike).isEmpty {
            throw .malformed(
                "Content-Length and Transfer-Encoding are spelled with a hyphen, not an underscore.",
                field: "\(lookalike)")
        }
        let lengths = fields.values(of: "content-length")
        let codings = fields.values(of: "transfer-encoding")
        if !codings.isEmpty {
            guard lengths.isEmpty else {
                throw .malformed(
                    "The request has both a Content-Length and a Transfer-Encoding.", field: "Transfer-Encoding")
            }
            guard minorVersion > 0 else {
                throw .malformed("HTTP/1.0 has no Transfer-Encoding.", field: "Transfer-Encoding")
            }
            try checkChunked(codings)
            return .chunked
        }
        guard lengths.count <= 1 else {
            throw .malformed("The request has more than one Content-Length.", field: "Content-Length")
        }
        return .length(try lengths.first.map(contentLength) ?? 0)
    }

    /// Digits only, no leading zero, at most the 18 that an Int always holds.
    private static func contentLength(_ value: ArraySlice<UInt8>) throws(ProtocolError) -> Int {
        guard value.isNonEmpty(of: .digits), value.count <= 18, value.count == 1 || value.first != UInt8(ascii: "0")
        else {
            throw .malformed("The Content-Length is not a plain decimal number.", field: "Content-Length")
        }
        return value.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Exactly one coding, and that `chunked` (RFC 9112 section 6.1).
    private static func checkChunked(_ values: [ArraySlice<UInt8>]) throws(ProtocolError) {
        if values.count == 1, values[0].equalsIgnoringCase("chunked") { return }
        let codings = values.flatMap { $0.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) }
            .map { $0.trimmingWhitespace() }
        guard codings.allSatisfy({ $0.isNonEmpty(of: .token) }) else {
            throw .malformed("The Transfer-Encoding is not a list of codings.", field: "Transfer-Encoding")
        }
        guard !codings.dropLast().contains(where: { $0.equalsIgnoringCase("chunked") }) else {
            throw .malformed("The coding chunked is not the last one, or is given twice.", field: "Transfer-Encoding")
        }
        throw ProtocolError(
            .notImplemented, "The only transfer coding that this server supports is chunked.",
            field: "Transfer-Encoding")
    }

    /// RFC 9112 section 9.3.
    private static func keepAlive(_ fields: FieldLines, minorVersion: Int) throws(ProtocolError) -> Bool {
        var keepAlive = minorVersion > 0
        var close = false
        for value in fields.values(of: "connection") {
            for option in value.split(separator: UInt8(ascii: ",")) {
                let option = option.trimmingWhitespace()
                guard option.allSatisfy(ByteSet.token.contains) else {
                    throw .malformed("The Connection field is not a list of tokens.", field: "Connection")
                }
                close = close || option.equalsIgnoringCase("close")
                keepAlive = keepAlive || option.equalsIgnoringCase("keep-alive")
            }
        }
        return keepAlive && !close
    }

    /// RFC 9110 section 10.1.1; HTTP/1.0 has no expectations.
    private static func expectsContinue(_ fields: FieldLines, minorVersion: Int) throws(ProtocolError) -> Bool {
        let expectations = fields.values(of: "expect").flatMap { $0.split(separator: UInt8(ascii: ",")) }
            .map { $0.trimmingWhitespace() }
        guard minorVersion > 0, !expectations.isEmpty else { return false }
        guard expectations.allSatisfy({ $0.equalsIgnoringCase("100-continue") }) else {
            throw ProtocolError(
                .expectationFailed, "The only expectation that this server supports is 100-continue.", field: "Expect")
        }
        return true
    }
}
