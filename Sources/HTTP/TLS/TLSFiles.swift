/// Where a server's certificate and key lie, in PEM (RFC 7468).
public struct TLSFiles: Sendable, Hashable {
    /// The server's certificate, followed by those of the authorities between it and a root.
    public var certificate: String
    /// The certificate's private key, not encrypted.
    public var key: String
    /// Certificates of the authorities, roots or intermediates, whose clients are let in; nil where clients need no certificate.
    public var clientAuthorities: String?

    public init(certificate: String, key: String, clientAuthorities: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
    }
}
