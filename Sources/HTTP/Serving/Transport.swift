#if canImport(Glibc)
import Glibc
#endif

/// The way to one client: a socket, with TLS on it or without.
///
/// All input and output of a connection goes through here.
struct Transport: ~Copyable {
    private let socket: Socket
    /// nil for plain text.
    private var tls: TLSSession?

    init(_ socket: consuming Socket, tls: TLSSession? = nil) {
        self.socket = socket
        self.tls = tls
    }

    var descriptor: Int32 { socket.descriptor }
    var isSecure: Bool { tls != nil }
    /// `TLSv1.3`; nil for plain text.
    var tlsVersion: String? { tls.flatMap { $0.isEstablished ? $0.version : nil } }
    /// Who the client's certificate is of; nil where it has shown none.
    var clientCertificate: String? { tls?.clientCertificate }
    /// Bytes that have come which the poller does not know of.
    var hasUnread: Bool { tls?.hasUnread ?? false }
    /// Whether what was called last is to be called again when the kernel takes bytes.
    var needsOutput: Bool { tls?.needsOutput ?? false }
    /// Bytes that the transport itself takes.
    var memory: Int { tls == nil ? 0 : TLSSession.memory }

    /// One step of the handshake.
    func handshake() -> TLSSession.Handshake { tls?.handshake() ?? .done }

    /// The client does not speak TLS: what is sent from here on is plain text.
    mutating func giveUpTLS() { tls = nil }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Received {
        tls?.receive(into: buffer) ?? socket.receive(into: buffer)
    }

    /// Reads what nobody wants: nothing is decrypted.
    func discard(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Received {
        socket.receive(into: buffer)
    }

    /// Writes the beginning of several buffers.
    ///
    /// - Returns: how many bytes were taken, 0 when none are now; nil when the peer is gone.
    func send(_ buffers: UnsafeMutableBufferPointer<iovec>) -> Int? {
        if let tls { tls.send(buffers) } else { socket.send(buffers) }
    }

    /// Tells the peer that no more will come.
    ///
    /// - Returns: false where that has to wait for the kernel to take bytes.
    func finishSending() -> Bool {
        if let tls, !tls.finishSending() { return false }
        socket.finishSending()
        return true
    }

    /// Makes closing the connection reset it, which no client takes for the end of a body.
    func resetWhenClosed() { socket.resetWhenClosed() }
}
