import COpenSSL

/// Certificates or a key that cannot be used, in one line that names the file.
public struct TLSError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// - Parameters:
    ///   - file: the file to blame
    ///   - problem: what is wrong with it
    init(_ file: String, _ problem: String) {
        description = "\(file): \(problem)"
    }
}

/// OpenSSL's queue of errors, which each thread has one of.
enum OpenSSLErrors {
    /// To be called before a function whose failure will be looked at: what an earlier one has left there
    /// would be taken for its own.
    static func clear() { ERR_clear_error() }

    /// What the last failure was, and clears the queue; nil where OpenSSL has not said.
    static func takeReason() -> String? {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return nil }
        return String(cString: reason)
    }
}

/// The library, set up for this process.
enum OpenSSL {
    /// A context of our own, which reads no configuration file: the one that OPENSSL_CONF names may leave
    /// the process without any cipher.
    static var context: OpaquePointer? { library.context }

    private static let library = Library()

    /// `@unchecked Sendable`: OpenSSL's contexts are made for use by many threads (OSSL_LIB_CTX(3)).
    private struct Library: @unchecked Sendable {
        let context: OpaquePointer?

        init() {
            // Not cleaned up at the process's end: other threads may still be using it then.
            OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG) | UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
            context = OSSL_LIB_CTX_new()
        }
    }
}
