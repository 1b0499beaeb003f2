import COpenSSL

/// Who a certificate is of, as a log says it.
enum CertificateName {
    /// Bytes: a common name has 64 characters at most (RFC 5280 appendix A.1, ub-common-name), which nothing enforces.
    static let longest = 128

    /// The subject's common name, the last where there are several; `serial:` and the number in hexadecimal digits where there
    /// is none. Cut to ``longest`` bytes and a `…`.
    ///
    /// - Parameter certificate: an `X509 *`
    static func name(of certificate: OpaquePointer) -> String {
        commonName(of: certificate) ?? "serial:" + serial(of: certificate)
    }

    private static func commonName(of certificate: OpaquePointer) -> String? {
        let subject = X509_get_subject_name(certificate)
        var index: Int32 = -1, last: Int32 = -1
        repeat {
            last = index
            index = X509_NAME_get_index_by_NID(subject, NID_commonName, last)
        } while index >= 0
        guard last >= 0, let entry = X509_NAME_get_entry(subject, last) else { return nil }
        var bytes: UnsafeMutablePointer<UInt8>?
        OpenSSLErrors.clear()
        let count = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(entry))
        defer { CRYPTO_free(bytes, #file, #line) }
        guard count > 0, let bytes else {
            OpenSSLErrors.clear()
            return nil
        }
        return cut(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    private static func serial(of certificate: OpaquePointer) -> String {
        let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nil)
        defer { BN_free(number) }
        let digits = BN_bn2hex(number)
        defer { CRYPTO_free(digits, #file, #line) }
        guard let digits else { return "-" }
        return String(cString: digits).withUTF8Bytes { cut($0) }
    }

    /// Its beginning, which ends with a whole character.
    private static func cut(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.count > longest else { return String(decoding: bytes, as: UTF8.self) }
        var count = longest
        while count > 0, bytes[count] & 0xC0 == 0x80 { count -= 1 }
        return String(decoding: bytes[..<count], as: UTF8.self) + "…"
    }
}

extension String {
    fileprivate func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = self
        return text.withUTF8(body)
    }
}
