/// A set of ASCII bytes, in which the grammar's allow-lists are written.
///
/// Bytes from 0x80 on are never members.
struct ByteSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// The bytes of an ASCII string.
    init(_ members: String) {
        for byte in members.utf8 {
            insert(byte)
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<64: (low >> UInt64(byte)) & 1 == 1
        case 64..<128: (high >> UInt64(byte - 64)) & 1 == 1
        default: false
        }
    }

    func union(_ other: ByteSet) -> ByteSet {
        var result = self
        result.low |= other.low
        result.high |= other.high
        return result
    }

    private mutating func insert(_ byte: UInt8) {
        precondition(byte < 128, "a ByteSet holds ASCII only")
        if byte < 64 {
            low |= 1 << UInt64(byte)
        } else {
            high |= 1 << UInt64(byte - 64)
        }
    }
}

extension ByteSet {
    static let digits = ByteSet("0123456789")
    static let hexDigits = digits.union(ByteSet("abcdefABCDEF"))
    static let letters = ByteSet("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    private static let lettersAndDigits = letters.union(digits)

    /// `tchar`, RFC 9110 section 5.6.2: methods, field names, options.
    static let token = lettersAndDigits.union(ByteSet("!#$%&'*+-.^_`|~"))

    /// `pchar` and the slash, RFC 3986 section 3.3; the percent sign is checked by the decoder.
    static let path = lettersAndDigits.union(ByteSet("-._~!$&'()*+,;=:@%/"))

    /// What RFC 3986 allows in a query, and what browsers and curl leave unencoded
    /// there: a user types `f=x^2` and means it. None of these can end a line or a token.
    static let query = path.union(ByteSet("?[]{}|^`\\"))

    /// A registered name or an IPv4 address. RFC 3986 would also allow sub-delims and
    /// percent escapes, which no name that resolves carries.
    static let hostName = lettersAndDigits.union(ByteSet("-._~"))

    /// What may be between the brackets of an IPv6 literal.
    static let addressLiteral = hexDigits.union(ByteSet(":."))
}

extension Collection where Element == UInt8 {
    /// Whether there is at least one byte and all are in the set.
    func isNonEmpty(of set: ByteSet) -> Bool {
        !isEmpty && allSatisfy(set.contains)
    }

    /// Whether the bytes are this ASCII text, which is given in lower case, in any case.
    func equalsIgnoringCase(_ lowercased: StaticString) -> Bool {
        guard count == lowercased.utf8CodeUnitCount else { return false }
        return lowercased.withUTF8Buffer { expected in
            elementsEqual(expected) { lowercase($0) == $1 }
        }
    }
}

/// ASCII only; every other byte stays as it is.
func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

/// The value of a hexadecimal digit, nil for any other byte.
func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
