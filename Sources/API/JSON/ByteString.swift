/// Text that equals other text only where their UTF-8 bytes are the same. Swift's own strings are equal where
/// Unicode calls them canonically equivalent, which costs time in the square of a run of combining marks.
struct ByteString: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (one: ByteString, other: ByteString) -> Bool { one.text.isIdentical(to: other.text) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Whether the UTF-8 bytes are the same.
    func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// How errors quote what a client sent: in quotation marks, and no longer than people read.
    var quoted: String { self[...].quoted }
}

extension Substring {
    var quoted: String {
        let most = 40
        let start = String(String.UnicodeScalarView(unicodeScalars.prefix(most)))
        return unicodeScalars.count > most ? "“\(start)…”" : "“\(start)”"
    }
}
