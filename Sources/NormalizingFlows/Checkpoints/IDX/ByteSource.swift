/// The bytes of a file in order, decompressed on the way if they are gzip's (RFC 1952).
struct ByteSource: ~Copyable {
    private let bytes: MappedBytes
    private var position = 0
    /// `nil`: the file is not compressed.
    private var inflater: GzipInflater?

    init(_ file: MappedFile) throws(CheckpointError) {
        bytes = file.bytes
        inflater = bytes.integer(at: 0, as: UInt16.self) == 0x8b1f ? try GzipInflater(bytes) : nil
    }

    /// Appends up to `count` bytes and says how many there were, fewer only at the end.
    mutating func read(_ count: Int, into target: inout [UInt8]) throws(CheckpointError) -> Int {
        if inflater != nil { return try inflater!.read(count, into: &target) }
        let part = bytes.slice(at: position, count: min(count, bytes.count - position))!
        part.withUnsafeBytes { target.append(contentsOf: $0) }
        position += part.count
        return part.count
    }

    /// Whether nothing is left. For gzip this also checks the sum at its end.
    mutating func isAtEnd() throws(CheckpointError) -> Bool {
        var rest: [UInt8] = []
        return try read(1, into: &rest) == 0
    }
}
