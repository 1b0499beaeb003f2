import COpenSSL

/// What this server offers and accepts in handshakes, with one certificate and its own keys for session tickets.
///
/// TLS 1.2 and 1.3 with forward secrecy and authenticated encryption only (RFC 9325); no renegotiation, no
/// compression, no early data.
///
/// `@unchecked Sendable`: it is not changed once it is made. OpenSSL makes sessions from one context
/// on several threads (SSL_CTX_new(3)).
final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer
    let creation = ContinuousClock.now

    /// RFC 9325 section 4.2, in the order of AES's speed on processors that have it. The suites of TLS 1.3 are OpenSSL's.
    private static let ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    /// Others would let a client choose a key exchange that takes milliseconds.
    private static let groups = "X25519:P-256:P-384"
    /// Bytes of a client's certificate and those that lead to it.
    private static let longestClientChain = 32 << 10
    private static let deepestClientChain: Int32 = 4
    /// Seconds that a session may be resumed for: RFC 8446 section 4.6.1 allows a week.
    private static let sessionLifetime = 3600

    /// - Throws: `TLSError` where OpenSSL refuses a certificate or the key, for example as too weak.
    init(_ credentials: TLSCredentials) throws(TLSError) {
        OpenSSLErrors.clear()
        guard let context = SSL_CTX_new_ex(OpenSSL.context, nil, TLS_server_method()) else {
            throw TLSError("OpenSSL cannot make a TLS context: \(OpenSSLErrors.takeReason() ?? "no reason given")")
        }
        pointer = context
        SSL_CTX_set_security_level(pointer, 2)
        guard copenssl_set_min_proto_version(pointer, TLS1_2_VERSION) == 1,
            SSL_CTX_set_cipher_list(pointer, Self.ciphers) == 1,
            copenssl_set1_groups_list(pointer, Self.groups) == 1
        else {
            throw TLSError("OpenSSL lacks what TLS needs here: \(OpenSSLErrors.takeReason() ?? "no reason given")")
        }
        SSL_CTX_set_options(
            pointer,
            copenssl_op_no_renegotiation | copenssl_op_no_compression | copenssl_op_cipher_server_preference
                | copenssl_op_prioritize_chacha | copenssl_op_ignore_unexpected_eof)
        copenssl_set_mode(
            pointer,
            Int(
                SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
                    | SSL_MODE_NO_AUTO_CHAIN))
        // One record at a time: a client that sends nothing but key updates must not keep the loop.
        copenssl_clear_mode(pointer, Int(SSL_MODE_AUTO_RETRY))
        // Clients keep their sessions, in tickets.
        copenssl_set_session_cache_mode(pointer, Int(SSL_SESS_CACHE_OFF))
        SSL_CTX_set_timeout(pointer, Self.sessionLifetime)
        SSL_CTX_set_alpn_select_cb(pointer, chooseProtocol, nil)
        try use(credentials)
        try admitClients(of: credentials)
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    private func use(_ credentials: TLSCredentials) throws(TLSError) {
        guard SSL_CTX_use_certificate(pointer, credentials.certificate.pointer) == 1 else {
            throw TLSError(credentials.files.certificate, "cannot be used: \(OpenSSLErrors.takeReason() ?? "refused")")
        }
        for certificate in credentials.intermediates {
            guard copenssl_add1_chain_cert(pointer, certificate.pointer) == 1 else {
                throw TLSError(
                    credentials.files.certificate,
                    "a certificate after the first cannot be used: \(OpenSSLErrors.takeReason() ?? "refused")")
            }
        }
        guard SSL_CTX_use_PrivateKey(pointer, credentials.key.pointer) == 1 else {
            throw TLSError(credentials.files.key, "cannot be used: \(OpenSSLErrors.takeReason() ?? "refused")")
        }
    }

    private func admitClients(of credentials: TLSCredentials) throws(TLSError) {
        guard let file = credentials.files.clientAuthorities else { return }
        let store = SSL_CTX_get_cert_store(pointer)
        for authority in credentials.clientAuthorities {
            guard X509_STORE_add_cert(store, authority.pointer) == 1,
                SSL_CTX_add_client_CA(pointer, authority.pointer) == 1
            else { throw TLSError(file, "cannot be used: \(OpenSSLErrors.takeReason() ?? "refused")") }
        }
        // An intermediate that is named is an authority, whoever has signed it.
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(pointer), UInt(X509_V_FLAG_PARTIAL_CHAIN))
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        SSL_CTX_set_verify_depth(pointer, Self.deepestClientChain)
        copenssl_set_max_cert_list(pointer, Self.longestClientChain)
        // Without a name for them, sessions with client certificates could not be resumed.
        let name = Array("riviera".utf8)
        SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count))
    }
}

/// Answers a client's list of protocols (RFC 7301): `http/1.1` or none of them.
private func chooseProtocol(
    _: OpaquePointer?, _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ length: UnsafeMutablePointer<UInt8>?,
    _ list: UnsafePointer<UInt8>?, _ count: UInt32, _: UnsafeMutableRawPointer?
) -> Int32 {
    let offered = UnsafeBufferPointer(start: list, count: Int(count))
    var position = 0
    while position < offered.count {
        let size = Int(offered[position]), start = position + 1
        guard start + size <= offered.count else { break }
        if offered[start..<start + size].elementsEqual("http/1.1".utf8) {
            chosen?.pointee = list.map { $0 + start }
            length?.pointee = UInt8(size)
            return SSL_TLSEXT_ERR_OK
        }
        position = start + size
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
