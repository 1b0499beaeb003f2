import Certificates
import HTTP

/// Files of a server's certificate, and what reads them.
public struct TLSFixture: Sendable {
    public let files = CertificateFiles()
    public let identity: TLSIdentity

    /// - Parameter clients: who may come in; nil for everybody
    public init(_ certificate: Certificate = Authority().issue(), clients: Certificate? = nil) throws {
        files.write(certificate)
        if let clients { files.write("clients.pem", clients.pem) }
        identity = try TLSIdentity(
            TLSFiles(
                certificate: "\(files.folder)/server.pem", key: "\(files.folder)/server.key",
                clientAuthorities: clients == nil ? nil : "\(files.folder)/clients.pem"))
    }
}
