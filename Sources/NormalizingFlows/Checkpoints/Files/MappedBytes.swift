/// A part of a mapped file. It cannot reach outside of itself: a part of a part is checked against
/// the part, and integers come back as `nil` where the bytes end.
public struct MappedBytes: Sendable {
    /// The file that these bytes keep mapped.
    public let file: MappedFile
    /// The first byte's offset in the file.
    public let offset: Int
    /// How many bytes there are.
    public let count: Int

    init(file: MappedFile, offset: Int, count: Int) {
        precondition(offset >= 0 && count >= 0 && offset <= file.size && count <= file.size - offset)
        self.file = file
        self.offset = offset
        self.count = count
    }

    /// The `count` bytes from `start`, or `nil` if they are not all here. No arguments make it trap.
    public func slice(at start: Int, count length: Int) -> MappedBytes? {
        guard start >= 0, length >= 0, start <= count, length <= count - start else { return nil }
        return MappedBytes(file: file, offset: offset + start, count: length)
    }

    /// The little-endian integer at `start`, or `nil` if it is not all here.
    public func integer<Value: FixedWidthInteger>(at start: Int, as type: Value.Type) -> Value? {
        guard let part = slice(at: start, count: MemoryLayout<Value>.size) else { return nil }
        return part.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
    }

    /// The byte at `index`, or `nil` if it is not here.
    func byte(at index: Int) -> UInt8? {
        guard index >= 0, index < count else { return nil }
        return file.byte(at: offset + index)
    }

    /// The text of the `count` bytes from `start`, or `nil` if they are not all here or not UTF-8.
    public func text(at start: Int, count length: Int) -> String? {
        slice(at: start, count: length)?.withUnsafeBytes { String(validating: $0, as: UTF8.self) }
    }

    /// The bytes themselves. The pointer is valid within `body` only.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try file.withUnsafeBytes { (whole) throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: whole[offset..<offset + count]))
        }
    }
}
