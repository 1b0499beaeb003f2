import COpenSSL

#if canImport(Glibc)
import Glibc
#endif

/// An X.509 certificate (RFC 5280).
///
/// `@unchecked Sendable`: it is never changed, and OpenSSL counts references in a thread-safe way.
final class TLSCertificate: @unchecked Sendable {
    let pointer: OpaquePointer

    /// The next one of a PEM file; nil where there is none, for a reason that OpenSSL's queue has.
    init?(readingFrom source: OpaquePointer?) {
        var certificate = X509_new_ex(OpenSSL.context, nil)
        guard PEM_read_bio_X509(source, &certificate, nil, nil) != nil, let certificate else {
            X509_free(certificate)
            return nil
        }
        pointer = certificate
    }

    deinit {
        X509_free(pointer)
    }

    /// The first second of its validity as RFC 3339 writes it; nil where the certificate has none that makes sense.
    var beginning: String? { Self.text(of: X509_get0_notBefore(pointer)) }

    /// The last second of its validity as RFC 3339 writes it; nil where the certificate has none that makes sense.
    var end: String? { Self.text(of: X509_get0_notAfter(pointer)) }

    /// The same in seconds since 1970 (UTC).
    var endSeconds: Int? {
        Self.parts(of: X509_get0_notAfter(pointer)).map { parts in
            var parts = parts
            return timegm(&parts)
        }
    }

    var isNotYetValid: Bool { X509_cmp_current_time(X509_get0_notBefore(pointer)) > 0 }

    /// Whether it is no longer valid so many seconds from now.
    func ends(within seconds: Int) -> Bool {
        var time = time(nil) + seconds
        return X509_cmp_time(X509_get0_notAfter(pointer), &time) < 0
    }

    /// Whether it may sign other certificates (RFC 5280 section 4.2.1.9), or is a root of version 1, which cannot say so.
    var isAuthority: Bool { X509_check_ca(pointer) != 0 }

    func isIdentical(to other: TLSCertificate) -> Bool { X509_cmp(pointer, other.pointer) == 0 }

    private static func parts(of time: UnsafePointer<ASN1_TIME>?) -> tm? {
        var parts = tm()
        return ASN1_TIME_to_tm(time, &parts) == 1 ? parts : nil
    }

    private static func text(of time: UnsafePointer<ASN1_TIME>?) -> String? {
        guard let parts = parts(of: time) else { return nil }
        let digits = { (value: Int32, width: Int) in
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(digits(parts.tm_year &+ 1900, 4))-\(digits(parts.tm_mon &+ 1, 2))-\(digits(parts.tm_mday, 2))"
            + "T\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))Z"
    }
}

/// A private key.
///
/// `@unchecked Sendable`: it is never changed, and OpenSSL counts references in a thread-safe way.
final class TLSKey: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Whether a signature takes milliseconds: 4.5 with RSA 4096, where RSA 2048 takes 0.3 and P-256 0.02.
    var isSlow: Bool { EVP_PKEY_get_base_id(pointer) == EVP_PKEY_RSA && EVP_PKEY_get_bits(pointer) > 3072 }

    func belongs(to certificate: TLSCertificate) -> Bool {
        OpenSSLErrors.clear()
        defer { OpenSSLErrors.clear() }
        return X509_check_private_key(certificate.pointer, pointer) == 1
    }

    func isIdentical(to other: TLSKey) -> Bool { EVP_PKEY_eq(pointer, other.pointer) == 1 }

    deinit {
        EVP_PKEY_free(pointer)
    }
}
