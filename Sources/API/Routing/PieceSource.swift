/// A text that is made a piece at a time.
public protocol PieceSource: Sendable {
    /// The next bytes, `size` or a little more, fewer at the end; nil after it.
    mutating func piece(_ size: Int) -> [UInt8]?
}

/// Bytes that are there already.
struct BytePieces: PieceSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func piece(_ size: Int) -> [UInt8]? {
        guard position < bytes.count else { return nil }
        let end = size < bytes.count - position ? position + size : bytes.count
        defer { position = end }
        return Array(bytes[position..<end])
    }
}
