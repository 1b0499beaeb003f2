/// Bytes as text (RFC 4648, section 4).
package enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        let groups = (bytes.count + 2) / 3
        return String(unsafeUninitializedCapacity: 4 * groups) { text in
            for group in 0..<groups {
                let rest = bytes[3 * group..<min(3 * group + 3, bytes.count)]
                let first = rest.startIndex
                let word =
                    UInt32(rest[first]) << 16 | (rest.count > 1 ? UInt32(rest[first + 1]) << 8 : 0)
                    | (rest.count > 2 ? UInt32(rest[first + 2]) : 0)
                for k in 0..<4 {
                    text[4 * group + k] =
                        k <= rest.count ? letters[Int(word >> (18 - 6 * UInt32(k)) & 63)] : UInt8(ascii: "=")
                }
            }
            return 4 * groups
        }
    }

    /// A PNG as an address that holds it (RFC 2397): what an image element of a page shows.
    static func address(ofPNG bytes: [UInt8]) -> String { "data:image/png;base64," + encode(bytes) }

    /// The bytes of such an address; nil where the text is none.
    package static func png(in address: String) -> [UInt8]? {
        let prefix = "data:image/png;base64,"
        guard address.hasPrefix(prefix) else { return nil }
        var result: [UInt8] = [], word: UInt32 = 0, bits = 0
        for letter in address.utf8.dropFirst(prefix.utf8.count) {
            if letter == UInt8(ascii: "=") { break }
            let value: UInt8
            switch letter {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = letter - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = letter - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = letter - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            word = word << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            }
        }
        return result
    }
}
