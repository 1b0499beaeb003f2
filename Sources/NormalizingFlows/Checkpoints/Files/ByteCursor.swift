/// Reads bytes in order and throws, naming the place, where they end too early.
struct ByteCursor {
    let bytes: MappedBytes
    /// What the bytes are, for errors: `archive/data.pkl`, `header`.
    let place: String
    private(set) var position = 0

    init(_ bytes: MappedBytes, place: String) {
        self.bytes = bytes
        self.place = place
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The next byte, left in place; `nil` at the end.
    var peek: UInt8? { bytes.byte(at: position) }

    mutating func byte() throws(CheckpointError) -> UInt8 {
        guard let byte = bytes.byte(at: position) else { throw endsTooEarly }
        position += 1
        return byte
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(CheckpointError) -> Value {
        guard let value = bytes.integer(at: position, as: type) else { throw endsTooEarly }
        position += MemoryLayout<Value>.size
        return value
    }

    mutating func text(count: Int) throws(CheckpointError) -> String {
        guard bytes.slice(at: position, count: count) != nil else { throw endsTooEarly }
        guard let text = bytes.text(at: position, count: count) else { throw failure("text that is not UTF-8") }
        position += count
        return text
    }

    /// Past the byte that `peek` showed.
    mutating func advance() {
        precondition(!isAtEnd)
        position += 1
    }

    mutating func skip(_ count: Int) throws(CheckpointError) {
        guard bytes.slice(at: position, count: count) != nil else { throw endsTooEarly }
        position += count
    }

    /// An error at the current position.
    func failure(_ reason: String) -> CheckpointError {
        CheckpointError(file: bytes.file.path, place: "\(place), byte \(position)", reason: reason)
    }

    private var endsTooEarly: CheckpointError { failure("it ends too early") }
}
