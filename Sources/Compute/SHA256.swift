import COpenSSL

/// SHA-256 (FIPS 180-4) by OpenSSL.
public enum SHA256 {
    /// The digest of `bytes` as 64 hexadecimal digits.
    public static func hexadecimal(of bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { hexadecimal(of: $0) }
    }

    /// The digest of `bytes`: 32 bytes.
    public static func digest(of bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { digest(of: $0) }
    }

    /// The digest of `bytes` as 64 hexadecimal digits.
    public static func hexadecimal(of bytes: UnsafeRawBufferPointer) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest(of: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    private static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32), length = 0
        let status = EVP_Q_digest(
            library.context, "SHA256", nil, bytes.baseAddress, bytes.count, &digest, &length)
        precondition(status == 1 && length == 32, "OpenSSL's own providers have SHA-256")
        return digest
    }

    private static let library = Library()

    /// A context of our own, which reads no configuration file: the one that OPENSSL_CONF names may leave
    /// the process without any digest.
    ///
    /// `@unchecked Sendable`: OpenSSL's contexts are made for use by many threads (OSSL_LIB_CTX(3)).
    private struct Library: @unchecked Sendable {
        let context = OSSL_LIB_CTX_new()
    }
}
