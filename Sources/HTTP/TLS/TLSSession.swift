import COpenSSL

#if canImport(Glibc)
import Glibc
#endif

/// TLS on one connection, on its event loop's thread.
///
/// No call waits: what needs the client's bytes, or room for the server's, is called again when the poller
/// says that there are some.
final class TLSSession {
    enum Handshake: Equatable {
        case done
        /// To be called again: when bytes have come, or where ``needsOutput``, when the kernel takes some.
        case unfinished
        /// The client has begun to speak plain text.
        case plainText
        /// nil where the client has left without a byte.
        case failed(String?)
    }

    private let ssl: OpaquePointer
    private let wire: TLSWire
    private var messagesWithoutData = 0
    private var hasReceivedClose = false
    /// Bytes have come that ``receive(into:)`` has not returned: the poller does not know of them.
    private(set) var hasUnread = false
    /// What was called last is to be called again when the kernel takes bytes.
    private(set) var needsOutput = false
    private(set) var isEstablished = false
    /// Who the client's certificate is of; nil where it needed none. See ``CertificateName``.
    private(set) var clientCertificate: String?

    /// Bytes that one connection takes beside what waits in its queues: 16 KiB were measured between requests, and OpenSSL
    /// allocates as many again while a record comes in parts.
    static let memory = 32 << 10

    /// Bytes of one record (RFC 8446 section 5.1).
    private static let record = 16 << 10
    /// Records that are looked at in one call: some have no data.
    private static let recordsAtOnce = 32
    /// A client sends a key update now and then; more than this are an abuse.
    private static let mostMessagesWithoutData = 1000
    /// Records that one call of ``receive(into:)`` may have OpenSSL write: it answers each attempt to renegotiate, for example.
    private static let mostAnswers = 8
    /// Bytes that a handshake may take: with client certificates, some 40,000.
    private static let longestHandshake = 96 << 10
    /// Bytes of a ClientHello. OpenSSL takes eight times as many, and allocates them when they are announced.
    private static let longestClientHello = 16 << 10

    /// - Returns: nil where memory is short.
    init?(_ context: TLSContext, on descriptor: Int32) {
        wire = TLSWire(descriptor: descriptor)
        guard let ssl = SSL_new(context.pointer) else { return nil }
        self.ssl = ssl
        guard let bio = wire.makeBIO() else { return nil }
        SSL_set_bio(ssl, bio, bio)
        SSL_set_accept_state(ssl)
    }

    deinit {
        SSL_free(ssl)
    }

    /// `TLSv1.3` or `TLSv1.2`.
    var version: String { String(cString: SSL_get_version(ssl)) }

    /// One step of the handshake: at most one signature.
    func handshake() -> Handshake {
        if let early = judgeBeginning() { return early }
        needsOutput = false
        wire.allowance = Self.record
        for _ in 0..<Self.recordsAtOnce {
            OpenSSLErrors.clear()
            let status = SSL_do_handshake(ssl)
            if status == 1 {
                isEstablished = true
                clientCertificate = SSL_get0_peer_certificate(ssl).map(CertificateName.name(of:))
                hasUnread = hasMore
                return .done
            }
            switch SSL_get_error(ssl, status) {
            case SSL_ERROR_WANT_READ where wire.received > Self.longestHandshake:
                return .failed("the handshake is too long")
            case SSL_ERROR_WANT_READ where wire.isBlocked:
                return .unfinished
            case SSL_ERROR_WANT_READ:
                // A record that moves nothing on.
                continue
            case SSL_ERROR_WANT_WRITE:
                needsOutput = true
                return .unfinished
            default:
                return .failed(failure)
            }
        }
        return .failed("too many records without content")
    }

    /// The first bytes tell TLS from plain text, and how long the ClientHello is.
    private func judgeBeginning() -> Handshake? {
        guard !hasJudged else { return nil }
        let count = 9
        guard let bytes = wire.firstBytes(count) else {
            return .failed(wire.received == 0 ? nil : "the client left during the handshake")
        }
        guard let first = bytes.first else { return .unfinished }
        if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) { return .plainText }
        // What is not a handshake is left to OpenSSL to refuse.
        if first == 22 && bytes.count < count { return .unfinished }
        hasJudged = true
        if first == 22 {
            let length = Int(bytes[6]) << 16 | Int(bytes[7]) << 8 | Int(bytes[8])
            if length > Self.longestClientHello { return .failed("the ClientHello is too long") }
        }
        return nil
    }

    private var hasJudged = false

    private var hasMore: Bool { wire.hasUnread || SSL_has_pending(ssl) == 1 }

    /// Why the last call failed.
    private var failure: String {
        let verification = SSL_get_verify_result(ssl)
        let reason = OpenSSLErrors.takeReason()
        if Int32(verification) != X509_V_OK, let text = X509_verify_cert_error_string(verification) {
            return "client certificate: \(String(cString: text))"
        }
        if let reason { return reason }
        return wire.hasEnded ? "the client left during the handshake" : "the connection broke"
    }

    /// Decrypts what has come, up to a buffer full of it.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Received {
        var count = 0
        needsOutput = false
        hasUnread = false
        guard !hasReceivedClose else { return .end }
        wire.allowance = buffer.count
        wire.answers = Self.mostAnswers
        defer { wire.answers = .max }
        for _ in 0..<Self.recordsAtOnce {
            OpenSSLErrors.clear()
            var read = 0
            let status = SSL_read_ex(ssl, buffer.baseAddress.map { $0 + count }, buffer.count - count, &read)
            if status == 1 {
                count += read
                hasUnread = hasMore
                guard hasUnread && count < buffer.count else { return .bytes(count) }
                continue
            }
            hasUnread = false
            switch SSL_get_error(ssl, status) {
            case SSL_ERROR_WANT_READ where wire.isBlocked:
                return count > 0 ? .bytes(count) : .nothingYet
            case SSL_ERROR_WANT_READ:
                messagesWithoutData += 1
                guard messagesWithoutData <= Self.mostMessagesWithoutData else { return .failed }
            case SSL_ERROR_WANT_WRITE:
                needsOutput = true
                return count > 0 ? .bytes(count) : .nothingYet
            case SSL_ERROR_ZERO_RETURN:
                hasReceivedClose = true
                hasUnread = count > 0
                return count > 0 ? .bytes(count) : .end
            default:
                OpenSSLErrors.clear()
                return .failed
            }
        }
        hasUnread = true
        return count > 0 ? .bytes(count) : .nothingYet
    }

    /// Encrypts one record of at most 16 KiB and writes it.
    ///
    /// After 0, the next call must begin with the same bytes, and at least as many: the record is made.
    ///
    /// - Returns: how many bytes it took, 0 when the kernel takes none now; nil when the peer is gone.
    func send(_ buffers: UnsafeMutableBufferPointer<iovec>) -> Int? {
        guard let first = buffers.first else { return 0 }
        if first.iov_len >= Self.record || buffers.count == 1 || buffers[1].iov_len == 0 {
            return write(UnsafeRawBufferPointer(start: first.iov_base, count: min(first.iov_len, Self.record)))
        }
        return withUnsafeTemporaryAllocation(byteCount: Self.record, alignment: 1) { gathered in
            var count = 0
            for buffer in buffers {
                let bytes = UnsafeRawBufferPointer(start: buffer.iov_base, count: buffer.iov_len)
                    .prefix(gathered.count - count)
                UnsafeMutableRawBufferPointer(rebasing: gathered[count...]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes))
                count += bytes.count
                if count == gathered.count { break }
            }
            return write(UnsafeRawBufferPointer(rebasing: gathered[..<count]))
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !bytes.isEmpty else { return 0 }
        OpenSSLErrors.clear()
        var written = 0
        let status = SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &written)
        if status == 1 { return written }
        if SSL_get_error(ssl, status) == SSL_ERROR_WANT_WRITE { return 0 }
        OpenSSLErrors.clear()
        return nil
    }

    /// Tells the client that no more will come (`close_notify`), so that it can tell the end from a cut.
    ///
    /// - Returns: false where the kernel takes no bytes now: see ``needsOutput``.
    func finishSending() -> Bool {
        needsOutput = false
        guard isEstablished else { return true }
        OpenSSLErrors.clear()
        let status = SSL_shutdown(ssl)
        needsOutput = status < 0 && SSL_get_error(ssl, status) == SSL_ERROR_WANT_WRITE
        OpenSSLErrors.clear()
        return !needsOutput
    }
}
