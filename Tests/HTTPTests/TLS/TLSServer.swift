import Certificates
import HTTP

/// Files of a server's certificate, and what reads them.
struct TLSFixture: Sendable {
    let files = CertificateFiles()
    let identity: TLSIdentity

    /// - Parameter clients: who may come in; nil for everybody
    init(_ certificate: Certificate = Authority().issue(), clients: Certificate? = nil) throws {
        files.write(certificate)
        if let clients { files.write("clients.pem", clients.pem) }
        identity = try TLSIdentity(
            TLSFiles(
                certificate: "\(files.folder)/server.pem", key: "\(files.folder)/server.key",
                clientAuthorities: clients == nil ? nil : "\(files.folder)/clients.pem"))
    }
}

/// The same as without TLS, with a certificate of the test's own.
func withSecureServer<Result: Sendable>(
    _ handler: some Handler, _ fixture: TLSFixture? = nil,
    _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (Int) async throws -> Result
) async throws -> Result {
    let fixture = try fixture ?? TLSFixture()
    return try await withServer(
        handler,
        {
            $0.tls = fixture.identity
            adjust(&$0)
        }, body)
}
