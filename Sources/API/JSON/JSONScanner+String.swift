extension JSONScanner {
    /// Steps over a string and checks it. The quotation mark is at `position`.
    mutating func skipString() throws(JSONFault) {
        let start = position
        position += 1
        var isASCII = true
        while true {
            guard let byte = peek else { throw JSONFault("a string does not end") }
            switch byte {
            case UInt8(ascii: "\""):
                guard isASCII || Self.isUTF8(bytes[start..<position]) else {
                    throw JSONFault("a string is not UTF-8", at: start)
                }
                position += 1
                return
            case UInt8(ascii: "\\"):
                position += 1
                _ = try escape()
            case 0..<0x20: throw JSONFault("a control character in a string must be escaped")
            default:
                isASCII = isASCII && byte < 0x80
                position += 1
            }
        }
    }

    /// The string whose quotation mark is at `position`, its escapes undone. It has been checked before.
    mutating func string() -> String {
        position += 1
        let start = position
        var text: [UInt8]?
        while let byte = peek, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                if text == nil { text = Array(bytes[start..<position]) }
                position += 1
                // An escape that cannot be read was refused when the text was checked.
                if let scalar = try? escape() { text?.append(contentsOf: String(scalar).utf8) }
            } else {
                text?.append(byte)
                position += 1
            }
        }
        let string =
            text.map { String(decoding: $0, as: UTF8.self) }
            ?? String(decoding: bytes[start..<position], as: UTF8.self)
        position += 1
        return string
    }

    private static func isUTF8(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    /// What follows a backslash.
    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        guard let byte = peek else { throw JSONFault("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            if let scalar = Unicode.Scalar(first) { return scalar }
            // Beyond the basic plane a character is two escapes: a high and a low surrogate.
            guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw JSONFault(Self.loneSurrogate)
            }
            let second = try hexadecimal()
            guard (0xdc00...0xdfff).contains(second),
                let scalar = Unicode.Scalar(
                    0x10000 + (UInt32(first) - 0xd800) << 10 + UInt32(second) - 0xdc00)
            else { throw JSONFault(Self.loneSurrogate) }
            return scalar
        default:
            position -= 1
            throw JSONFault("this is not an escape sequence")
        }
    }

    private static let loneSurrogate = "a surrogate needs its other half"

    private mutating func hexadecimal() throws(JSONFault) -> UInt16 {
        guard position + 4 <= bytes.count else { throw JSONFault("four hexadecimal digits are expected") }
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Self.hexadecimalDigit(bytes[position]) else {
                throw JSONFault("four hexadecimal digits are expected")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
