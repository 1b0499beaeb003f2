import COpenSSL
import Streams

/// A file in PEM form (RFC 7468).
final class PEMFile {
    private let file: SecretFile
    private var path: String { file.path }

    /// A hundred times what a chain of certificates takes.
    private static let longest = 1 << 20

    /// - Throws: `TLSError` where the file cannot be read, is not a regular one, or is too long.
    init(_ path: String) throws(TLSError) {
        do throws(FileError) {
            file = try SecretFile(path, atMost: PEMFile.longest)
        } catch {
            throw TLSError(error.description)
        }
    }

    /// What an operator should know of a file that others must not read.
    var warning: String? { file.warning }

    /// All certificates in the file, in order, at least one.
    ///
    /// - Throws: `TLSError` where there is none, or one that is damaged.
    func certificates() throws(TLSError) -> [TLSCertificate] {
        let (certificates, problem) = reading { source in
            var certificates: [TLSCertificate] = []
            while let certificate = TLSCertificate(readingFrom: source) { certificates.append(certificate) }
            // The end of the file shows as the lack of another beginning.
            let code = ERR_peek_last_error()
            let isEnd = ERR_GET_LIB(code) == Int32(ERR_LIB_PEM) && ERR_GET_REASON(code) == PEM_R_NO_START_LINE
            let reason = OpenSSLErrors.takeReason()
            return (certificates, isEnd ? nil : reason ?? "cannot be read")
        }
        if let problem { throw TLSError(path, "certificate \(certificates.count + 1) is damaged: \(problem)") }
        guard !certificates.isEmpty else { throw TLSError(path, "has no certificate in PEM form") }
        return certificates
    }

    /// The private key in the file.
    ///
    /// - Throws: `TLSError` where there is none, or it is encrypted.
    func key() throws(TLSError) -> TLSKey {
        var isEncrypted = false
        let key = reading { source in
            withUnsafeMutablePointer(to: &isEncrypted) { flag in
                PEM_read_bio_PrivateKey_ex(
                    source, nil,
                    { _, _, _, flag in
                        flag?.assumingMemoryBound(to: Bool.self).pointee = true
                        return -1
                    }, flag, OpenSSL.context, nil)
            }
        }
        guard !isEncrypted else {
            throw TLSError(path, "the key is encrypted: decrypt it with openssl pkey -in \(path) -out NEW")
        }
        let reason = OpenSSLErrors.takeReason()
        guard let key else { throw TLSError(path, "has no private key in PEM form (\(reason ?? "nothing found"))") }
        return TLSKey(owning: key)
    }

    private func reading<Result>(_ body: (OpaquePointer?) -> Result) -> Result {
        OpenSSLErrors.clear()
        return file.withUnsafeBytes { bytes in
            let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { BIO_free(source) }
            return body(source)
        }
    }
}
