import COpenSSL
import Certificates
import Glibc

/// A blocking TLS client: what a test's ``RawClient`` is to plain connections, on one of those.
public final class SecureClient {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public struct Options {
        public var version: Int32?
        public var protocols: [String] = []
        public var certificate: Certificate?
        public var authority: Certificate?
        public var session: OpaquePointer?
        public var groups: String?
        /// Bytes of ciphertext that are sent at a time.
        public var piece = Int.max
        /// Changes what is sent, which it gets piece by piece with the connection that each goes to.
        public var damage: ((inout [UInt8], RawClient) throws -> Void)?

        public init(
            version: Int32? = nil, protocols: [String] = [], certificate: Certificate? = nil,
            authority: Certificate? = nil, session: OpaquePointer? = nil, groups: String? = nil, piece: Int = .max,
            damage: ((inout [UInt8], RawClient) throws -> Void)? = nil
        ) {
            self.version = version
            self.protocols = protocols
            self.certificate = certificate
            self.authority = authority
            self.session = session
            self.groups = groups
            self.piece = piece
            self.damage = damage
        }
    }

    public let raw: RawClient
    public let ssl: OpaquePointer
    private let context: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private let options: Options
    private var buffer: [UInt8] = []

    /// Connects, and shakes hands unless told not to.
    public init(port: Int, _ options: Options = Options(), handshake: Bool = true) throws {
        raw = try RawClient(port: port)
        self.options = options
        context = SSL_CTX_new(TLS_client_method())
        if let version = options.version {
            _ = copenssl_set_min_proto_version(context, version)
            _ = copenssl_set_max_proto_version(context, version)
        }
        if let authority = options.authority {
            X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.x509)
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        }
        if let certificate = options.certificate {
            SSL_CTX_use_certificate(context, certificate.x509)
            SSL_CTX_use_PrivateKey(context, certificate.key)
        }
        if let groups = options.groups { _ = copenssl_set1_groups_list(context, groups) }
        ssl = SSL_new(context)
        incoming = BIO_new(BIO_s_mem())
        outgoing = BIO_new(BIO_s_mem())
        SSL_set_bio(ssl, incoming, outgoing)
        let list = options.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !list.isEmpty { SSL_set_alpn_protos(ssl, list, UInt32(list.count)) }
        if let session = options.session { SSL_set_session(ssl, session) }
        if handshake { try shakeHands() }
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    public func shakeHands() throws {
        guard try perform({ SSL_connect(ssl) }) == 1 else { throw failure("handshake") }
    }

    /// A handshake on the connection that there is.
    public func handshakeAgain() throws {
        guard try perform({ SSL_do_handshake(ssl) }) == 1 else { throw failure("handshake") }
    }

    /// What OpenSSL wants to send first.
    public func clientHello() -> [UInt8] {
        SSL_connect(ssl)
        return takeOutgoing()
    }

    /// Repeats a call, with bytes from and to the server, until it succeeds or fails.
    private func perform(_ call: () -> Int32) throws -> Int32 {
        while true {
            ERR_clear_error()
            let status = call()
            let error = SSL_get_error(ssl, status)
            try flush()
            guard status <= 0, error == SSL_ERROR_WANT_READ else { return status }
            let bytes = try raw.some()
            guard !bytes.isEmpty else { throw Failure(description: "the server has cut the connection") }
            BIO_write(incoming, bytes, Int32(bytes.count))
        }
    }

    private func takeOutgoing() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(outgoing))
        let count = BIO_read(outgoing, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }

    private func flush() throws {
        var rest = takeOutgoing()[...]
        while !rest.isEmpty {
            var piece = Array(rest.prefix(options.piece))
            rest = rest.dropFirst(piece.count)
            try options.damage?(&piece, raw)
            try raw.send(piece)
        }
    }

    private func failure(_ what: String) -> Failure {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "no reason, errno \(errno)"
        return Failure(description: "\(what): \(reason)")
    }

    public var version: String { String(cString: SSL_get_version(ssl)) }
    public var wasResumed: Bool { SSL_session_reused(ssl) == 1 }

    public var chosenProtocol: String? {
        var bytes: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &bytes, &count)
        return bytes.map { String(decoding: UnsafeBufferPointer(start: $0, count: Int(count)), as: UTF8.self) }
    }

    /// The common name of the server's certificate.
    public var serverName: String {
        let certificate = SSL_get1_peer_certificate(ssl)
        defer { X509_free(certificate) }
        var name = [CChar](repeating: 0, count: 256)
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, &name, Int32(name.count))
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Sending and receiving

    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = try perform {
                bytes.withUnsafeBytes { SSL_write(ssl, $0.baseAddress! + sent, Int32(clamping: $0.count - sent)) }
            }
            guard count > 0 else { throw failure("write") }
            sent += Int(count)
        }
    }

    /// `close_notify`: the client has finished sending.
    public func finishSending() throws {
        SSL_shutdown(ssl)
        try flush()
    }

    /// More bytes; false at the end, which a `close_notify` has announced.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = try perform { SSL_read(ssl, &chunk, Int32(chunk.count)) }
        if count > 0 {
            buffer += chunk[..<Int(count)]
            return true
        }
        guard SSL_get_error(ssl, count) == SSL_ERROR_ZERO_RETURN else { throw failure("read") }
        return false
    }

    /// The next reply that has a Content-Length or none.
    public func reply() throws -> RawClient.Reply {
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                guard let first = lines.first, let status = Int(first.dropFirst(9).prefix(3)) else {
                    throw Failure(description: "not a reply: \(lines)")
                }
                let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
                    guard let colon = line.firstIndex(of: ":") else { return nil }
                    return (String(line[..<colon]), String(line[line.index(colon, offsetBy: 2)...]))
                }
                var reply = RawClient.Reply(status: status, fields: fields)
                let length = reply["Content-Length"].flatMap { Int($0) } ?? 0
                buffer.removeSubrange(..<end.upperBound)
                while buffer.count < length {
                    guard try fill() else { throw Failure(description: "the body is cut") }
                }
                reply.body = Array(buffer[..<length])
                buffer.removeSubrange(..<length)
                return reply
            }
            guard try fill() else { throw Failure(description: "the end, not a reply") }
        }
    }

    /// Whether the server ends in order, having sent no more.
    public func isClosed() throws -> Bool {
        while try fill() {}
        return buffer.isEmpty
    }
}
