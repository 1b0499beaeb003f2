import COpenSSL

#if canImport(Glibc)
import Glibc
#endif

/// The bytes of a PEM file, overwritten when they are no longer needed: they may be a key.
final class PEMFile {
    let path: String
    private var bytes: [UInt8]

    /// A hundred times what a chain of certificates takes.
    private static let longest = 1 << 20

    /// - Throws: `TLSError` where the file cannot be read, is not a regular one, or is too long.
    init(_ path: String) throws(TLSError) {
        self.path = path
        bytes = []
        // Opening a pipe that nobody writes to would otherwise wait.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw PEMFile.failure(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw PEMFile.failure(path) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw TLSError(path, "is a directory, not a file in PEM form") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TLSError(path, "is not a regular file") }
        guard status.st_size <= PEMFile.longest else { throw TLSError(path, "is longer than 1 MiB") }
        bytes.reserveCapacity(PEMFile.longest)
        while bytes.count <= PEMFile.longest {
            let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { chunk in
                let count = read(descriptor, chunk.baseAddress, chunk.count)
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk.prefix(max(0, count))))
                OPENSSL_cleanse(chunk.baseAddress, chunk.count)
                return count
            }
            guard count >= 0 else { throw PEMFile.failure(path) }
            if count == 0 { break }
        }
    }

    deinit {
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    }

    private static func failure(_ path: String) -> TLSError {
        TLSError(path, strerror(errno).map { String(cString: $0) } ?? "cannot be read")
    }

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
        return bytes.withUnsafeBytes { bytes in
            let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { BIO_free(source) }
            return body(source)
        }
    }
}
