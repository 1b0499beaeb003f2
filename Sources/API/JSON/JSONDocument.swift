/// A JSON text that was read: its values in order, a word each, beside the text that the strings stay in.
///
/// A number is the bits of its double. Every other word is one of the NaNs that no number is: its kind, and
/// where its string begins in the text, or where an array or object ends. An array of numbers is thus a
/// run of doubles, and no value takes more than eight bytes beside its text, however the text nests.
final class JSONDocument: Sendable {
    let text: [UInt8]
    let words: [UInt64]

    init(text: [UInt8], words: [UInt64]) {
        self.text = text
        self.words = words
    }

    /// The string whose quotation mark is at that place of the text.
    func string(at position: Int) -> String {
        text.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes: bytes, position: position)
            return scanner.string()
        }
    }
}

/// What a word of a document is, where it is no number.
enum JSONWord {
    enum Kind: UInt64 {
        case null = 1, no, yes, string, array, numbers, object
    }

    /// The sign, all bits of the exponent, and a payload above 0: a NaN.
    private static let mark: UInt64 = 0xFFF0 << 48

    @inline(__always)
    static func make(_ kind: Kind, _ place: Int = 0) -> UInt64 {
        mark | kind.rawValue << 48 | UInt64(place)
    }

    /// nil for a number.
    @inline(__always)
    static func kind(_ word: UInt64) -> Kind? {
        word >= 0xFFF1 << 48 ? Kind(rawValue: (word >> 48) & 15) : nil
    }

    @inline(__always)
    static func place(_ word: UInt64) -> Int { Int(word & (1 << 48 - 1)) }
}
