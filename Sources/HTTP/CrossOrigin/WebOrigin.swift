/// Where a page comes from, as browsers name it: a scheme, a host and a port, or `null` (RFC 6454).
package struct WebOrigin: Hashable, Sendable {
    /// As an Origin field spells it: in lower case, without the scheme's own port.
    package let text: String

    /// `null` is what browsers send of files, of sandboxed frames, and of some redirected requests.
    static let null = WebOrigin(spelled: "null")

    private init(spelled text: String) { self.text = text }

    /// - Returns: nil where a text is not an origin: it has a path, or no scheme, or an invalid port.
    package init?(_ text: String) {
        let bytes = ArraySlice(text.utf8.map(lowercase))
        if bytes.elementsEqual("null".utf8) {
            self = .null
            return
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        let scheme = bytes[..<colon]
        var authority = bytes[(colon + 3)...]
        guard let first = scheme.first, ByteSet.letters.contains(first), scheme.allSatisfy(Self.schemeBytes.contains),
            RequestTarget.isAuthority(authority), Self.portIsOne(authority)
        else { return nil }
        for (known, port) in [("http", ":80"), ("https", ":443")] where scheme.elementsEqual(known.utf8) {
            if authority.reversed().starts(with: port.utf8.reversed()) {
                authority = authority.dropLast(port.utf8.count)
            }
        }
        guard !authority.isEmpty else { return nil }
        self.text = String(decoding: scheme, as: UTF8.self) + "://" + String(decoding: authority, as: UTF8.self)
    }

    /// Whether what follows the last colon is a port, where there is one.
    private static func portIsOne(_ authority: ArraySlice<UInt8>) -> Bool {
        guard let colon = authority.lastIndex(of: UInt8(ascii: ":")), authority.last != UInt8(ascii: "]") else {
            return true
        }
        return UInt16(String(decoding: authority[(colon + 1)...], as: UTF8.self)) != nil
    }

    private static let schemeBytes = ByteSet.letters.union(.digits).union(ByteSet("+-."))
}
