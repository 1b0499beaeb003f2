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

    /// The last second of its validity as RFC 3339 writes it; nil where the certificate has none that makes sense.
    var end: String? {
        var parts = tm()
        guard ASN1_TIME_to_tm(X509_get0_notAfter(pointer), &parts) == 1 else { return nil }
        let digits = { (value: Int32, width: Int) in
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(digits(parts.tm_year &+ 1900, 4))-\(digits(parts.tm_mon &+ 1, 2))-\(digits(parts.tm_mday, 2))"
            + "T\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))Z"
    }

    var hasExpired: Bool { X509_cmp_current_time(X509_get0_notAfter(pointer)) < 0 }
    var isNotYetValid: Bool { X509_cmp_current_time(X509_get0_notBefore(pointer)) > 0 }
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

    deinit {
        EVP_PKEY_free(pointer)
    }
}
