import HTTPTypes

/// The request target (RFC 9112 section 3.2), taken apart and percent-decoded once.
struct RequestTarget: Sendable {
    /// As it came.
    let raw: String
    /// Decoded, from its first slash; `*` for the server as a whole.
    let path: String
    let query: [(name: String, value: String)]
    /// The host that an absolute target names, which then counts instead of the Host field.
    let authority: String?

    /// - Parameter method: only `OPTIONS` has the asterisk form.
    init(_ bytes: ArraySlice<UInt8>, method: HTTPRequest.Method) throws(ProtocolError) {
        raw = String(decoding: bytes, as: UTF8.self)
        var bytes = bytes
        if bytes.first == UInt8(ascii: "/") {
            authority = nil
        } else if bytes.elementsEqual("*".utf8) {
            guard method == .options else {
                throw .malformed("Only OPTIONS takes the target *.")
            }
            (path, query, authority) = ("*", [], nil)
            return
        } else {
            authority = try RequestTarget.dropAuthority(&bytes)
        }

        let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
        let rawPath = bytes[..<(mark ?? bytes.endIndex)]
        guard rawPath.allSatisfy(ByteSet.path.contains) else {
            throw .malformed("The path contains a character that must be percent-encoded.")
        }
        if rawPath.isEmpty {
            // An absolute target without a path; for OPTIONS it stands for the server (section 3.2.4).
            path = method == .options && mark == nil ? "*" : "/"
        } else {
            path = try RequestTarget.decodePath(rawPath)
        }
        query =
            try mark.map { (mark) throws(ProtocolError) in try RequestTarget.decodeQuery(bytes[(mark + 1)...]) } ?? []
    }

    /// Takes `http://host:port` off the front of an absolute target.
    private static func dropAuthority(_ bytes: inout ArraySlice<UInt8>) throws(ProtocolError) -> String {
        for scheme: StaticString in ["http://", "https://"] {
            guard bytes.prefix(scheme.utf8CodeUnitCount).equalsIgnoringCase(scheme) else { continue }
            let rest = bytes.dropFirst(scheme.utf8CodeUnitCount)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            guard isAuthority(rest[..<end]) else {
                throw .malformed("The target's host is not valid.")
            }
            bytes = rest[end...]
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        throw .malformed("The target begins with neither a slash nor http://.")
    }

    /// Whether this is `host` or `host:port`, without user information (RFC 9110 section 4.2.4).
    static func isAuthority(_ bytes: ArraySlice<UInt8>) -> Bool {
        let host: ArraySlice<UInt8>, rest: ArraySlice<UInt8>
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            guard bytes[(bytes.startIndex + 1)..<end].isNonEmpty(of: .addressLiteral) else { return false }
            (host, rest) = (bytes[...end], bytes[(end + 1)...])
        } else {
            let end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            (host, rest) = (bytes[..<end], bytes[end...])
            guard host.isNonEmpty(of: .hostName) else { return false }
        }
        return rest.isEmpty
            || (rest.first == UInt8(ascii: ":") && rest.count <= 6
                && rest.dropFirst().allSatisfy(ByteSet.digits.contains))
    }

    private static func decodePath(_ bytes: ArraySlice<UInt8>) throws(ProtocolError) -> String {
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: ".") }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        let decoded = try percentDecode(bytes, plusIsSpace: false)
        // An encoded slash or control character means one thing before decoding and another
        // after, and a proxy in front of this server may have looked before.
        guard decoded.count(where: { $0 == UInt8(ascii: "/") }) == bytes.count(where: { $0 == UInt8(ascii: "/") }),
            decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw .malformed("The path contains a percent-encoded slash or control character.")
        }
        let dot = UInt8(ascii: ".")
        for segment in decoded.split(separator: UInt8(ascii: "/")) {
            guard !(segment.elementsEqual([dot]) || segment.elementsEqual([dot, dot])) else {
                throw .malformed("The path contains a segment . or .., which is not allowed.")
            }
        }
        return try string(decoded)
    }

    private static func decodeQuery(_ bytes: ArraySlice<UInt8>) throws(ProtocolError) -> [(name: String, value: String)]
    {
        guard bytes.allSatisfy(ByteSet.query.contains) else {
            throw .malformed("The query contains a character that must be percent-encoded.")
        }
        var query: [(name: String, value: String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = try percentDecode(pair[..<(equals ?? pair.endIndex)], plusIsSpace: true)
            let value = try equals.map { (equals) throws(ProtocolError) in
                try percentDecode(pair[(equals + 1)...], plusIsSpace: true)
            }
            query.append((try string(name), try string(value ?? [])))
        }
        return query
    }

    private static func percentDecode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) throws(ProtocolError) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace:
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 <= bytes.endIndex, let high = hexValue(bytes[index]),
                    let low = hexValue(bytes[index + 1])
                else {
                    throw .malformed("A percent sign in the target is not followed by two hexadecimal digits.")
                }
                decoded.append(high << 4 | low)
                index += 2
            default:
                decoded.append(byte)
            }
        }
        return decoded
    }

    private static func string(_ bytes: [UInt8]) throws(ProtocolError) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("The target does not decode to UTF-8.")
        }
        return string
    }
}
