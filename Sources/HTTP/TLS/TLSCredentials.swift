import COpenSSL

/// What the files of ``TLSFiles`` hold, read and found to belong together.
struct TLSCredentials: Sendable {
    let files: TLSFiles
    let certificate: TLSCertificate
    /// Of the authorities between the certificate and a root, as sent to clients.
    let intermediates: [TLSCertificate]
    let key: TLSKey
    /// Empty where clients need no certificate.
    let clientAuthorities: [TLSCertificate]

    /// - Throws: `TLSError` that names the file which cannot be used.
    init(_ files: TLSFiles) throws(TLSError) {
        self.files = files
        let chain = try PEMFile(files.certificate).certificates()
        certificate = chain[0]
        intermediates = Array(chain.dropFirst())
        key = try PEMFile(files.key).key()
        if let file = files.clientAuthorities {
            clientAuthorities = try PEMFile(file).certificates()
        } else {
            clientAuthorities = []
        }
        OpenSSLErrors.clear()
        guard X509_check_private_key(certificate.pointer, key.pointer) == 1 else {
            OpenSSLErrors.clear()
            throw TLSError(files.key, "the key does not belong to the certificate in \(files.certificate)")
        }
    }

    /// What an operator should know though it does not keep the server from starting.
    var warnings: [String] {
        let file = files.certificate
        var warnings: [String] = []
        if certificate.hasExpired {
            warnings.append("\(file): the certificate expired at \(certificate.end ?? "-"): clients will refuse it")
        }
        if certificate.isNotYetValid {
            warnings.append("\(file): the certificate is not valid yet: clients will refuse it")
        }
        if key.isSlow {
            warnings.append("\(files.key): each handshake holds up the server for milliseconds; P-256 would be faster")
        }
        return warnings
    }
}
