// The grammar of JSON (RFC 8259) as far as a safetensors header needs it.

/// Walks over an object's or a list's members: its brackets and the commas between.
struct JSONMembers {
    private let open, close: Unicode.Scalar
    private var isFirst = true

    init(_ open: Unicode.Scalar, _ close: Unicode.Scalar) {
        self.open = open
        self.close = close
    }

    /// Stands before the next member, or behind the closing bracket and says false.
    mutating func next(_ cursor: inout ByteCursor) throws(CheckpointError) -> Bool {
        if isFirst { try cursor.expectJSON(open) }
        cursor.skipJSONSpace()
        if cursor.peek == UInt8(ascii: close) {
            try cursor.skip(1)
            return false
        }
        if !isFirst { try cursor.expectJSON(",") }
        isFirst = false
        return true
    }
}

extension ByteCursor {
    mutating func skipJSONSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { advance() }
    }

    mutating func expectJSON(_ character: Unicode.Scalar) throws(CheckpointError) {
        skipJSONSpace()
        guard peek == UInt8(ascii: character) else { throw failure("\(character) was expected") }
        advance()
    }

    /// An integer that is not negative, in digits alone: what sizes and offsets are.
    mutating func jsonInteger() throws(CheckpointError) -> Int {
        skipJSONSpace()
        let start = position
        var value = 0
        while let byte = peek, byte >= 0x30, byte <= 0x39 {
            let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooMuch) = tens.addingReportingOverflow(Int(byte - 0x30))
            guard !tooLarge, !tooMuch else { throw failure("an integer of more than 63 bits") }
            value = sum
            advance()
        }
        guard position > start else { throw failure("an integer that is not negative was expected") }
        guard position == start + 1 || bytes.byte(at: start) != 0x30 else {
            throw failure("an integer that begins with a zero")
        }
        return value
    }

    mutating func jsonString() throws(CheckpointError) -> String {
        try expectJSON("\"")
        var utf8: [UInt8] = []
        while true {
            let byte = try byte()
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: utf8, as: UTF8.self) else {
                    throw failure("a string that is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try appendEscape(to: &utf8)
            case 0..<0x20: throw failure("a control character in a string")
            default: utf8.append(byte)
            }
        }
    }

    private mutating func appendEscape(to utf8: inout [UInt8]) throws(CheckpointError) {
        switch try byte() {
        case UInt8(ascii: "\""): utf8.append(0x22)
        case UInt8(ascii: "\\"): utf8.append(0x5c)
        case UInt8(ascii: "/"): utf8.append(0x2f)
        case UInt8(ascii: "b"): utf8.append(0x08)
        case UInt8(ascii: "f"): utf8.append(0x0c)
        case UInt8(ascii: "n"): utf8.append(0x0a)
        case UInt8(ascii: "r"): utf8.append(0x0d)
        case UInt8(ascii: "t"): utf8.append(0x09)
        case UInt8(ascii: "u"):
            var value = try hexadecimal()
            if value >> 10 == 0x36 {  // the first half of a surrogate pair
                guard try byte() == UInt8(ascii: "\\"), try byte() == UInt8(ascii: "u") else {
                    throw failure("half a surrogate pair")
                }
                let second = try hexadecimal()
                guard second >> 10 == 0x37 else { throw failure("half a surrogate pair") }
                value = 0x10000 + (value & 0x3ff) << 10 + (second & 0x3ff)
            }
            guard let scalar = Unicode.Scalar(value) else { throw failure("half a surrogate pair") }
            utf8.append(contentsOf: UTF8.encode(scalar)!)  // every scalar has an encoding
        default: throw failure("an unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws(CheckpointError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try byte()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits were expected")
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
