import COpenSSL

#if canImport(Glibc)
import Glibc
#endif

/// What OpenSSL reads ciphertext from and writes it to: a non-blocking socket, within an allowance.
///
/// OpenSSL's own socket BIO raises SIGPIPE, and reads as long as there is something to read. Its reading ahead would have it
/// go through hundreds of key updates in one call; so it is this object that reads ahead.
final class TLSWire {
    private let descriptor: Int32
    /// Bytes that were read from the socket before OpenSSL asked for them, and how many it has taken since.
    private var ahead: [UInt8] = []
    private var taken = 0
    /// Bytes that may still be read from the socket in this turn.
    var allowance = 0
    /// Records that may be written in this turn: while it reads, OpenSSL answers what is not data.
    var answers = Int.max
    /// Bytes read so far.
    private(set) var received = 0
    /// The last read found nothing more, or the allowance is used up: the poller will say when there is more.
    private(set) var isBlocked = false
    /// The peer has closed its direction.
    private(set) var hasEnded = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// As many bytes are read at once, where OpenSSL asks for fewer: a small request takes one call then.
    private static let readAhead = 4096

    /// Whether bytes have been read that OpenSSL has not asked for.
    var hasUnread: Bool { taken < ahead.count }

    /// A BIO that reads and writes here, to be freed by the caller, while this object lives.
    func makeBIO() -> OpaquePointer? {
        guard let method = Self.method.pointer, let bio = BIO_new_ex(OpenSSL.context, method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    /// Looks at the first bytes before OpenSSL does.
    ///
    /// - Parameter count: how many are wanted
    /// - Returns: those that there are; nil where the connection has failed or ended.
    func firstBytes(_ count: Int) -> [UInt8]? {
        guard ahead.count < count else { return ahead }
        var chunk = [UInt8](repeating: 0, count: count - ahead.count)
        let found = recv(descriptor, &chunk, chunk.count, 0)
        if found > 0 {
            ahead += chunk[..<found]
            received += found
        } else if found == 0 || errno != EAGAIN && errno != EINTR {
            return nil
        }
        return ahead
    }

    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> (count: Int, isRetryable: Bool) {
        isBlocked = false
        if hasUnread { return (take(into: buffer), false) }
        guard allowance > 0 else {
            isBlocked = true
            return (-1, true)
        }
        if buffer.count >= Self.readAhead {
            let count = receive(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(allowance)))
            return (count, isBlocked)
        }
        var count = 0
        ahead = [UInt8](unsafeUninitializedCapacity: min(Self.readAhead, allowance)) { bytes, filled in
            count = receive(into: UnsafeMutableRawBufferPointer(bytes))
            filled = max(0, count)
        }
        return count > 0 ? (take(into: buffer), false) : (count, isBlocked)
    }

    private func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(ahead.count - taken, buffer.count)
        buffer.copyBytes(from: ahead[taken..<taken + count])
        taken += count
        if !hasUnread {
            ahead = []
            taken = 0
        }
        return count
    }

    private func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 {
            received += count
            allowance -= count
        } else {
            hasEnded = count == 0
            isBlocked = count < 0 && (errno == EAGAIN || errno == EINTR)
        }
        return count
    }

    fileprivate func write(_ bytes: UnsafeRawBufferPointer) -> (count: Int, isRetryable: Bool) {
        guard answers > 0 else { return (-1, false) }
        answers -= 1
        let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        return (count, count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    fileprivate static func of(_ bio: OpaquePointer?) -> TLSWire? {
        BIO_get_data(bio).map { Unmanaged<TLSWire>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let retryFlags = BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY
    private static let method = Method()

    /// `@unchecked Sendable`: it is not changed once it is made.
    private struct Method: @unchecked Sendable {
        let pointer: OpaquePointer?

        init() {
            pointer = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection")
            BIO_meth_set_read(pointer) { bio, buffer, size in
                BIO_clear_flags(bio, TLSWire.retryFlags)
                guard let wire = TLSWire.of(bio), size > 0 else { return -1 }
                let (count, isRetryable) = wire.read(
                    into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(size)))
                if isRetryable { BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY) }
                return Int32(clamping: count)
            }
            BIO_meth_set_write(pointer) { bio, bytes, size in
                BIO_clear_flags(bio, TLSWire.retryFlags)
                guard let wire = TLSWire.of(bio), size >= 0 else { return -1 }
                let (count, isRetryable) = wire.write(UnsafeRawBufferPointer(start: bytes, count: Int(size)))
                if isRetryable { BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY) }
                return Int32(clamping: count)
            }
            BIO_meth_set_ctrl(pointer) { bio, command, _, _ in
                switch command {
                case BIO_CTRL_FLUSH: 1
                case BIO_CTRL_EOF: TLSWire.of(bio)?.hasEnded == true ? 1 : 0
                default: 0
                }
            }
        }
    }
}
