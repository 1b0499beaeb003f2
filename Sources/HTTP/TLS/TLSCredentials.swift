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

    /// What is wrong with the key's file though it can be used.
    private let keyWarning: String?

    /// Warned of so long before a certificate ends.
    private static let warningTime = 7 * 86400

    /// - Throws: `TLSError` that names the file which cannot be used.
    init(_ files: TLSFiles) throws(TLSError) {
        self.files = files
        let chain = try PEMFile(files.certificate).certificates()
        certificate = chain[0]
        intermediates = Array(chain.dropFirst())
        let keyFile = try PEMFile(files.key)
        key = try keyFile.key()
        keyWarning = keyFile.warning
        clientAuthorities = try files.clientAuthorities.map(Self.authorities(in:)) ?? []
        guard key.belongs(to: certificate) else { throw Self.mismatch(of: key, chain, files) }
    }

    private static func authorities(in file: String) throws(TLSError) -> [TLSCertificate] {
        let certificates = try PEMFile(file).certificates()
        for (index, certificate) in certificates.enumerated() where !certificate.isAuthority {
            throw TLSError(
                file,
                "certificate \(index + 1) (\(CertificateName.name(of: certificate.pointer))) is no authority's: it may not sign "
                    + "others; the file takes the authorities that sign clients' certificates, not those")
        }
        return certificates
    }

    private static func mismatch(of key: TLSKey, _ chain: [TLSCertificate], _ files: TLSFiles) -> TLSError {
        guard let index = chain.firstIndex(where: key.belongs(to:)) else {
            return TLSError(files.key, "the key does not belong to the certificate in \(files.certificate)")
        }
        return TLSError(
            files.key,
            "the key does not belong to the first certificate in \(files.certificate) but to number \(index + 1): the "
                + "server's own comes first, its intermediates after it")
    }

    /// Whether both offer clients the same, and ask the same of them.
    func isIdentical(to other: TLSCredentials) -> Bool {
        let mine = [certificate] + intermediates, theirs = [other.certificate] + other.intermediates
        return mine.elementsEqual(theirs) { $0.isIdentical(to: $1) } && key.isIdentical(to: other.key)
            && clientAuthorities.elementsEqual(other.clientAuthorities) { $0.isIdentical(to: $1) }
    }

    /// What an operator should know though it does not keep the server from starting.
    var warnings: [String] {
        var warnings = Self.warnings(of: certificate, "\(files.certificate): the certificate", "clients will refuse it")
        for (index, certificate) in intermediates.enumerated() {
            warnings += Self.warnings(
                of: certificate, "\(files.certificate): certificate \(index + 2), an intermediate,",
                "clients will refuse the chain")
        }
        for (index, certificate) in clientAuthorities.enumerated() {
            warnings += Self.warnings(
                of: certificate, "\(files.clientAuthorities ?? ""): certificate \(index + 1)",
                "whom it has signed is refused")
        }
        if key.isSlow {
            warnings.append("\(files.key): each handshake holds up the server for milliseconds; P-256 would be faster")
        }
        if let keyWarning { warnings.append(keyWarning) }
        return warnings
    }

    /// - Parameters:
    ///   - subject: what the sentence calls the certificate
    ///   - effect: what follows where it is not valid
    private static func warnings(of certificate: TLSCertificate, _ subject: String, _ effect: String) -> [String] {
        if certificate.isNotYetValid {
            return ["\(subject) is not valid yet, but from \(certificate.beginning ?? "-") on: until then \(effect)"]
        }
        let end = certificate.end ?? "-"
        if certificate.ends(within: 0) { return ["\(subject) expired at \(end): \(effect)"] }
        return certificate.ends(within: warningTime) ? ["\(subject) expires at \(end): from then on \(effect)"] : []
    }
}
