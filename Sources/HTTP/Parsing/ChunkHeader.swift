/// The line before a chunk: `chunk-size [ chunk-ext ]` (RFC 9112 section 7.1).
struct ChunkHeader {
    let size: Int

    init(_ line: ArraySlice<UInt8>) throws(ProtocolError) {
        let digits = line.prefix { ByteSet.hexDigits.contains($0) }
        // 15 digits fit an Int with a bit to spare; leading zeros count, there is no need of them.
        guard (1...15).contains(digits.count) else {
            throw .malformed("A chunk's size is missing, too large or not hexadecimal.")
        }
        size = digits.reduce(0) { $0 << 4 | Int(hexValue($1) ?? 0) }
        let extensions = line[digits.endIndex...]
        guard ChunkHeader.areExtensions(extensions) else {
            throw .malformed("A chunk's size is followed by something that is no chunk extension.")
        }
    }

    /// `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )`, section 7.1.1.
    private static func areExtensions(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            rest = rest.droppingBlanks()
            guard rest.popFirst() == UInt8(ascii: ";") else { return false }
            rest = rest.droppingBlanks()
            guard rest.dropToken() else { return false }
            var value = rest.droppingBlanks()
            guard value.popFirst() == UInt8(ascii: "=") else { continue }
            rest = value.droppingBlanks()
            guard rest.first == UInt8(ascii: "\"") ? rest.dropQuotedString() : rest.dropToken() else { return false }
        }
        return true
    }
}

extension ArraySlice<UInt8> {
    fileprivate func droppingBlanks() -> ArraySlice<UInt8> {
        drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Takes a token off the front; false where there is none.
    fileprivate mutating func dropToken() -> Bool {
        let token = prefix { ByteSet.token.contains($0) }
        self = self[token.endIndex...]
        return !token.isEmpty
    }

    /// Takes a quoted string off the front; false where it does not end.
    fileprivate mutating func dropQuotedString() -> Bool {
        removeFirst()
        while let byte = popFirst() {
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\") { _ = popFirst() }
        }
        return false
    }
}
