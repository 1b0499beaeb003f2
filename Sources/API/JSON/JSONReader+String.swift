extension JSONReader {
    /// A string with its escapes undone. The quotation mark is at `position`.
    mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            position += 1
        }
        var text = Array(bytes[start..<position])
        while true {
            switch peek {
            case nil: throw error("a string does not end")
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("a string is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                text.append(contentsOf: String(try escape()).utf8)
            case .some(let byte):
                if byte < 0x20 { throw error("a control character stands in a string") }
                text.append(byte)
                position += 1
            }
        }
    }

    /// What follows a backslash.
    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let byte = peek else { throw error("a string does not end") }
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
            guard first < 0xdc00, peek == UInt8(ascii: "\\") else {
                throw error("a surrogate stands alone")
            }
            position += 1
            guard peek == UInt8(ascii: "u") else { throw error("a surrogate stands alone") }
            position += 1
            let second = try hexadecimal()
            guard (0xdc00...0xdfff).contains(second),
                let scalar = Unicode.Scalar(
                    0x10000 + (UInt32(first) - 0xd800) << 10 + UInt32(second) - 0xdc00)
            else { throw error("a surrogate stands alone") }
            return scalar
        default:
            position -= 1
            throw error("there is no such escape")
        }
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw error("four hexadecimal digits are expected") }
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw error("four hexadecimal digits are expected")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
