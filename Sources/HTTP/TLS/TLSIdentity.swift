import Synchronization

/// A server's certificate and key, read from files and read again when they change.
public final class TLSIdentity: Sendable {
    private struct State {
        var credentials: TLSCredentials
        var context: TLSContext
    }

    private let files: TLSFiles
    private let state: Mutex<State>

    /// Keys of session tickets are replaced so often: whoever learns one can read the TLS 1.2 sessions that
    /// were resumed by it (RFC 9325 section 4.2.1).
    private static let ticketKeyLifetime = Duration.seconds(3600)

    /// - Throws: `TLSError` that names the file which cannot be used.
    public init(_ files: TLSFiles) throws(TLSError) {
        self.files = files
        let credentials = try TLSCredentials(files)
        state = Mutex(State(credentials: credentials, context: try TLSContext(credentials)))
    }

    /// Reads the files again. Handshakes from now on use what they hold; connections go on as they are.
    ///
    /// - Returns: whether they hold something else than before; the keys of session tickets are new in any case.
    /// - Throws: `TLSError` where they cannot be used: then nothing has changed.
    @discardableResult
    public func reload() throws(TLSError) -> Bool {
        let credentials = try TLSCredentials(files)
        let context = try TLSContext(credentials)
        return state.withLock { state in
            defer { state = State(credentials: credentials, context: context) }
            return !credentials.isIdentical(to: state.credentials)
        }
    }

    /// What an operator should know though it does not keep the server from starting: a certificate that is not valid, or
    /// ends within seven days; a slow key, or one that others can read.
    public var warnings: [String] { state.withLock(\.credentials).warnings }

    /// When the certificate's validity ends, as RFC 3339 writes it.
    public var expiry: String? { state.withLock(\.credentials).certificate.end }

    /// The same in seconds since 1970 (UTC).
    public var expirySeconds: Int? { state.withLock(\.credentials).certificate.endSeconds }

    /// For a connection that has just been accepted; nil where memory is short.
    ///
    /// - Parameter descriptor: its socket, which stays the caller's
    func session(on descriptor: Int32) -> TLSSession? {
        let context = state.withLock { state in
            if state.context.creation + Self.ticketKeyLifetime < .now,
                let renewed = try? TLSContext(state.credentials)
            {
                state.context = renewed
            }
            return state.context
        }
        return TLSSession(context, on: descriptor)
    }
}
