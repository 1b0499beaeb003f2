import COpenSSL

/// An authority of a test's own that signs certificates on the spot, with P-256 keys.
public final class Authority {
    public let certificate: Certificate

    /// - Parameter issuer: who has signed it; nil for a root
    public init(name: String = "Test Authority", issuer: Authority? = nil) {
        certificate = Certificate(
            subject: name, issuer: issuer?.certificate, isAuthority: true, validity: -3600...30 * 86400)
    }

    /// - Parameters:
    ///   - name: the common name; empty for a certificate without one
    ///   - validity: seconds from now
    public func issue(_ name: String = "localhost", validity: ClosedRange<Int> = -3600...30 * 86400) -> Certificate {
        Certificate(subject: name, issuer: certificate, isAuthority: false, validity: validity)
    }
}

/// A certificate and its key.
public final class Certificate {
    /// X509 *
    public let x509: OpaquePointer
    /// EVP_PKEY *
    public let key: OpaquePointer

    fileprivate init(subject: String, issuer: Certificate?, isAuthority: Bool, validity: ClosedRange<Int>) {
        key = Self.makeKey()
        x509 = X509_new()
        X509_set_version(x509, 2)
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), UInt64.random(in: 1...(1 << 60)))
        X509_gmtime_adj(X509_getm_notBefore(x509), validity.lowerBound)
        X509_gmtime_adj(X509_getm_notAfter(x509), validity.upperBound)
        if !subject.isEmpty { name(subject) }
        X509_set_issuer_name(x509, X509_get_subject_name(issuer?.x509 ?? x509))
        X509_set_pubkey(x509, key)
        extend(NID_basic_constraints, isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE")
        if isAuthority {
            extend(NID_key_usage, "critical,keyCertSign,cRLSign")
        } else {
            extend(NID_key_usage, "critical,digitalSignature")
            extend(NID_ext_key_usage, "serverAuth,clientAuth")
            extend(NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1")
        }
        X509_sign(x509, issuer?.key ?? key, EVP_sha256())
    }

    deinit {
        X509_free(x509)
        EVP_PKEY_free(key)
    }

    private static func makeKey() -> OpaquePointer {
        var key: OpaquePointer?
        let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer { EVP_PKEY_CTX_free(context) }
        EVP_PKEY_keygen_init(context)
        EVP_PKEY_CTX_set_group_name(context, "P-256")
        EVP_PKEY_generate(context, &key)
        guard let key else { fatalError("OpenSSL makes keys on P-256") }
        return key
    }

    /// By hand, since OpenSSL's own function keeps to the 64 characters of RFC 5280.
    private func name(_ subject: String) {
        let bytes = Array(subject.utf8), subjectName = X509_get_subject_name(x509)
        let entry = X509_NAME_ENTRY_create_by_NID(nil, NID_commonName, V_ASN1_UTF8STRING, bytes, Int32(bytes.count))
        X509_NAME_add_entry(subjectName, entry, -1, 0)
        X509_NAME_ENTRY_free(entry)
    }

    /// Its serial number in hexadecimal digits.
    public var serial: String {
        let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), nil), digits = BN_bn2hex(number)
        defer {
            BN_free(number)
            CRYPTO_free(digits, #file, #line)
        }
        return digits.map { String(cString: $0) } ?? ""
    }

    private func extend(_ name: Int32, _ value: String) {
        let made = X509V3_EXT_conf_nid(nil, nil, name, value)
        X509_add_ext(x509, made, -1)
        X509_EXTENSION_free(made)
    }

    public var pem: String {
        Self.text { PEM_write_bio_X509($0, x509) }
    }

    public var keyPEM: String {
        Self.text { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    /// Encrypted by a password.
    public var encryptedKeyPEM: String {
        let password = Array("password".utf8)
        return Self.text {
            PEM_write_bio_PrivateKey($0, key, EVP_aes_128_cbc(), password, Int32(password.count), nil, nil)
        }
    }

    private static func text(_ write: (OpaquePointer?) -> Int32) -> String {
        let sink = BIO_new(BIO_s_mem())
        defer { BIO_free(sink) }
        _ = write(sink)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = BIO_read(sink, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
    }
}
