import HTTPFixtures

/// What happens to the bytes that a client sends, each change at a place that is counted from the first of them.
final class StreamDamage {
    struct Change {
        enum Kind: UInt8, CaseIterable {
            case flip, drop, double, cut, reset
        }

        let kind: Kind
        let place: Int
        /// Which bits are flipped, or how many bytes are dropped or doubled.
        let value: UInt8

        /// From four bytes: kind, place in two, value.
        init(_ bytes: ArraySlice<UInt8>) {
            let bytes = Array(bytes)
            kind = Kind.allCases[Int(bytes[0]) % Kind.allCases.count]
            place = Int(bytes[1]) << 8 | Int(bytes[2])
            value = max(1, bytes[3])
        }
    }

    private struct WasReset: Error {}

    /// In the order of their places.
    private let changes: [Change]
    /// Of the next byte.
    private var place = 0
    /// Whether something was changed.
    private(set) var isDone = false
    /// How the client's bytes ended before their time.
    private(set) var end: Change.Kind?

    init(_ changes: [Change]) {
        self.changes = changes.sorted { $0.place < $1.place }
    }

    /// A client that waits for an answer to what was lost is to give up soon.
    private static let patience = 10

    /// Changes the next bytes; what comes after a cut or a reset is not sent.
    func change(_ bytes: inout [UInt8], _ client: RawClient) throws {
        guard end == nil else {
            bytes = []
            return
        }
        let start = place
        place += bytes.count
        let here = changes.filter { start..<place ~= $0.place }
        guard !here.isEmpty else { return }
        isDone = true
        client.wait(atMost: Self.patience)
        // From the back, so that what is changed moves nothing that will be.
        for change in here.reversed() { apply(change, &bytes, change.place - start) }
        switch end {
        case .cut:
            try client.send(bytes)
            bytes = []
            client.finishSending()
        case .reset:
            try client.send(bytes)
            client.reset()
            throw WasReset()
        default: break
        }
    }

    private func apply(_ change: Change, _ bytes: inout [UInt8], _ index: Int) {
        guard index < bytes.count else { return }
        let some = index..<min(index + Int(change.value), bytes.count)
        switch change.kind {
        case .flip: bytes[index] ^= change.value
        case .drop: bytes.removeSubrange(some)
        case .double: bytes.insert(contentsOf: bytes[some], at: index)
        case .cut, .reset:
            bytes.removeSubrange(index...)
            end = change.kind
        }
    }
}
