import HTTPTypes

/// `method SP request-target SP HTTP-version` (RFC 9112 section 3), exactly so.
struct RequestLine {
    let method: HTTPRequest.Method
    let target: RequestTarget
    let minorVersion: Int

    init(_ line: ArraySlice<UInt8>) throws(ProtocolError) {
        let space = UInt8(ascii: " ")
        guard let first = line.firstIndex(of: space), let last = line.lastIndex(of: space), first < last else {
            throw .malformed("The request line is not a method, a target and a version with one space between each.")
        }
        // The version comes first: another major version may mean anything by the rest.
        minorVersion = try RequestLine.minorVersion(line[(last + 1)...])
        method = try RequestLine.method(line[..<first])
        target = try RequestTarget(line[(first + 1)..<last], method: method)
    }

    private static func minorVersion(_ bytes: ArraySlice<UInt8>) throws(ProtocolError) -> Int {
        let prefix = Array("HTTP/".utf8)
        let digits = bytes.dropFirst(prefix.count)
        guard bytes.starts(with: prefix), digits.count == 3,
            let major = digits.first, ByteSet.digits.contains(major),
            digits[digits.startIndex + 1] == UInt8(ascii: "."),
            let minor = digits.last, ByteSet.digits.contains(minor)
        else {
            throw .malformed("The request line does not end with a version such as HTTP/1.1.")
        }
        guard major == UInt8(ascii: "1") else {
            throw ProtocolError(.httpVersionNotSupported, "This server speaks HTTP/1.1 and HTTP/1.0.")
        }
        return Int(minor - UInt8(ascii: "0"))
    }

    private static func method(_ bytes: ArraySlice<UInt8>) throws(ProtocolError) -> HTTPRequest.Method {
        for known in methods where bytes.elementsEqual(known.rawValue.utf8) {
            return known
        }
        guard bytes.isNonEmpty(of: .token) else {
            throw .malformed("The method is not a token.")
        }
        throw ProtocolError(
            .notImplemented,
            "This server does not know the method. It knows GET, POST, HEAD, PUT, DELETE, OPTIONS, PATCH, TRACE and QUERY."
        )
    }

    /// Without CONNECT, which only proxies support: 501 means that no resource here does. Which of the
    /// others a resource supports is for the handler to say.
    private static let methods: [HTTPRequest.Method] = [
        .get, .post, .head, .put, .delete, .options, .patch, .trace, query,
    ].compactMap(\.self)

    /// The safe method that has a body (the IETF's HTTP QUERY method).
    private static let query = HTTPRequest.Method("QUERY")
}
