/// A piece of an expression's text, and where it stands in the text's UTF-8.
struct Token {
    enum Kind: Equatable {
        case number(Double)
        case name
        case plus, minus, times, divided, raised
        case open, close, comma
        case less, atMost, greater, atLeast, equal, unequal
        case and, or, not
        case end
    }

    let kind: Kind
    let range: Range<Int>
}

/// Splits an expression into tokens, one at a time.
struct Lexer {
    let text: [UInt8]
    private(set) var position = 0

    init(_ source: String) {
        text = Array(source.utf8)
    }

    /// The next token; `.end` at the end, again and again.
    mutating func next() throws(ParseError) -> Token {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) {
            position += 1
        }
        guard position < text.count else {
            return Token(kind: .end, range: position..<position)
        }
        let start = position
        let byte = text[position]
        if isDigit(byte) || byte == UInt8(ascii: ".") { return try number() }
        if isLetter(byte) {
            while position < text.count, isLetter(text[position]) || isDigit(text[position]) {
                position += 1
            }
            let range = start..<position
            return Token(kind: Self.words[string(range)] ?? .name, range: range)
        }
        if let (kind, length) = try comparison(byte) {
            position += length
            return Token(kind: kind, range: start..<position)
        }
        let symbols: [UInt8: Token.Kind] = [
            UInt8(ascii: "+"): .plus, UInt8(ascii: "-"): .minus, UInt8(ascii: "*"): .times,
            UInt8(ascii: "/"): .divided, UInt8(ascii: "^"): .raised, UInt8(ascii: "("): .open,
            UInt8(ascii: ")"): .close, UInt8(ascii: ","): .comma,
        ]
        guard let kind = symbols[byte] else {
            // A character outside ASCII is several bytes: show it whole.
            var end = start + 1
            while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
            throw ParseError(
                in: text, at: start, expected: "a number, a name or an operator",
                found: "'\(string(start..<end))'")
        }
        position += 1
        return Token(kind: kind, range: start..<position)
    }

    private static let words: [String: Token.Kind] = ["and": .and, "or": .or, "not": .not]

    /// A comparison, or the sign for and, or, not, at the present position, with its length.
    private func comparison(_ byte: UInt8) throws(ParseError) -> (Token.Kind, Int)? {
        let next = position + 1 < text.count ? text[position + 1] : 0
        let isDoubled = next == byte, isWithEquals = next == UInt8(ascii: "=")
        switch byte {
        case UInt8(ascii: "<"): return isWithEquals ? (.atMost, 2) : (.less, 1)
        case UInt8(ascii: ">"): return isWithEquals ? (.atLeast, 2) : (.greater, 1)
        case UInt8(ascii: "!"): return isWithEquals ? (.unequal, 2) : (.not, 1)
        case UInt8(ascii: "=") where isDoubled: return (.equal, 2)
        case UInt8(ascii: "&") where isDoubled: return (.and, 2)
        case UInt8(ascii: "|") where isDoubled: return (.or, 2)
        case UInt8(ascii: "="), UInt8(ascii: "&"), UInt8(ascii: "|"):
            let sign = string(position..<position + 1)
            throw ParseError(in: text, at: position, expected: "'\(sign)\(sign)'", found: "'\(sign)'")
        default: return nil
        }
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }

    /// Digits, a point, an exponent: 2, 2., .5, 1e-3. An e that no digits follow is not an
    /// exponent but a name, and errors call it one.
    private mutating func number() throws(ParseError) -> Token {
        let start = position
        skipDigits()
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            skipDigits()
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            var after = position + 1
            if after < text.count, text[after] == UInt8(ascii: "+") || text[after] == UInt8(ascii: "-") {
                after += 1
            }
            if after < text.count, isDigit(text[after]) {
                position = after
                skipDigits()
            }
        }
        let digits = string(start..<position)
        guard let value = Double(digits), value.isFinite else {
            throw ParseError(
                in: text, at: start, expected: "a number within the range of a double",
                found: "'\(digits)'")
        }
        return Token(kind: .number(value), range: start..<position)
    }

    private mutating func skipDigits() {
        while position < text.count, isDigit(text[position]) { position += 1 }
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}

/// ASCII letters and the underscore.
private func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
}
