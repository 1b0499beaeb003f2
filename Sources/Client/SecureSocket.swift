import COpenSSL
import Glibc
import Streams

/// TLS on a connected, blocking socket, without a look at the server's certificate: for questions to this
/// machine itself that hold no secret.
final class SecureSocket {
    private let ssl: OpaquePointer
    private let context: OpaquePointer
    private let address: ServerAddress

    /// - Parameter descriptor: the socket, which stays the caller's
    /// - Throws: `FileError` that names the address where there is no handshake.
    init(_ descriptor: Int32, _ address: ServerAddress) throws(FileError) {
        self.address = address
        OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw address.failure("cannot be asked", ENOMEM) }
        guard let ssl = SSL_new(context) else {
            SSL_CTX_free(context)
            throw address.failure("cannot be asked", ENOMEM)
        }
        (self.ssl, self.context) = (ssl, context)
        SSL_set_fd(ssl, descriptor)
        ERR_clear_error()
        guard SSL_connect(ssl) == 1 else { throw failure("does not speak TLS") }
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    func send(_ bytes: [UInt8]) throws(FileError) {
        ERR_clear_error()
        guard SSL_write(ssl, bytes, Int32(clamping: bytes.count)) == bytes.count else {
            throw failure("does not take the request")
        }
    }

    /// What comes next.
    ///
    /// - Throws: `FileError` at the end as well.
    func receive() throws(FileError) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 256)
        ERR_clear_error()
        let count = SSL_read(ssl, &chunk, Int32(chunk.count))
        guard count > 0 else { throw failure("does not answer") }
        return Array(chunk.prefix(Int(count)))
    }

    private func failure(_ what: String) -> FileError {
        let code = ERR_peek_last_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else {
            return address.failure(what, errno == 0 ? ECONNRESET : errno)
        }
        if ERR_GET_REASON(code) == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED {
            return FileError(
                address.name, "asks clients for certificates: ask at its Unix socket, with --http-unix-socket")
        }
        return FileError(address.name, "\(what): \(String(cString: reason))")
    }
}
