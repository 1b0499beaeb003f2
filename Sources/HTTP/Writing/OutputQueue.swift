import DequeModule

#if canImport(Glibc)
import Glibc
#endif

/// Bytes that wait to be written, in order.
///
/// Small ones are gathered in one buffer, large ones are kept as they are, and all of
/// them go to the kernel by one call.
struct OutputQueue {
    /// Filled and closed, or large: written before `open`.
    private var closed: Deque<[UInt8]> = []
    private var open: [UInt8] = []
    /// Bytes of the first of them that are written already.
    private var offset = 0

    /// Bytes put in since the beginning.
    private(set) var totalQueued = 0
    /// Bytes written since the beginning.
    private(set) var totalSent = 0

    /// From this size on, bytes are not copied.
    private static let large = 4096
    /// More than this capacity is given back when all is written.
    private static let keptCapacity = 16384
    private static let vectorLimit = 16
    /// A client that reads as fast as the server writes gets this many bytes before other connections are served.
    private static let flushLimit = 1 << 20

    /// Bytes that wait.
    var count: Int { totalQueued - totalSent }
    var isEmpty: Bool { count == 0 }

    /// Appends what a closure writes.
    mutating func append(_ write: (inout [UInt8]) -> Void) {
        let before = open.count
        write(&open)
        totalQueued += open.count - before
    }

    mutating func append(_ bytes: [UInt8]) {
        guard bytes.count >= OutputQueue.large else {
            append { $0.append(contentsOf: bytes) }
            return
        }
        if !open.isEmpty {
            closed.append(open)
            open = []
        }
        closed.append(bytes)
        totalQueued += bytes.count
    }

    /// Writes as much as the kernel takes now, within a bound: what is left is to be written when
    /// the poller says that the kernel takes more.
    ///
    /// - Returns: false when the peer is gone.
    mutating func flush(to transport: borrowing Transport) -> Bool {
        let end = totalSent + OutputQueue.flushLimit
        while !isEmpty && totalSent < end {
            guard let sent = withVectors({ transport.send($0) }) else { return false }
            guard sent > 0 else { return true }
            drop(sent)
        }
        return true
    }

    private mutating func drop(_ sent: Int) {
        totalSent += sent
        offset += sent
        while let first = closed.first, offset >= first.count {
            offset -= first.count
            closed.removeFirst()
        }
        if isEmpty {
            offset = 0
            open.removeAll(keepingCapacity: open.capacity <= OutputQueue.keptCapacity)
        }
    }

    private func withVectors<Result>(_ body: (UnsafeMutableBufferPointer<iovec>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: OutputQueue.vectorLimit) { vectors in
            fill(vectors, from: 0, then: body)
        }
    }

    /// Points the vectors at the segments from `index` on, one inside the other, so that
    /// all pointers are valid when `body` runs.
    private func fill<Result>(
        _ vectors: UnsafeMutableBufferPointer<iovec>,
        from index: Int,
        then body: (UnsafeMutableBufferPointer<iovec>) -> Result
    ) -> Result {
        guard index < vectors.count, index <= closed.count else {
            return body(UnsafeMutableBufferPointer(rebasing: vectors[..<index]))
        }
        return (index < closed.count ? closed[index] : open).withUnsafeBytes { bytes in
            let rest = UnsafeMutableRawBufferPointer(
                mutating: index == 0 ? UnsafeRawBufferPointer(rebasing: bytes.dropFirst(offset)) : bytes)
            vectors.initializeElement(at: index, to: iovec(iov_base: rest.baseAddress, iov_len: rest.count))
            return fill(vectors, from: index + 1, then: body)
        }
    }
}
