import Certificates
import Riviera
import Testing

@Suite struct CertificateReloadTests {
    private let files = CertificateFiles(), authority = Authority(), log = CollectedLog()

    private func reload() throws -> CertificateReload {
        let settings = try Settings(flags: [
            "http.tls_certificate": "\(files.folder)/server.pem", "http.tls_key": "\(files.folder)/server.key",
            "http.tls_client_ca": "\(files.folder)/clients.pem",
        ])
        return try #require(try CertificateReload(settings, logger: log.logger))
    }

    @Test func whatCameOfItIsTold() throws {
        files.write(authority.issue())
        files.write("clients.pem", authority.certificate.pem)
        let reload = try reload()
        #expect(reload.reload() == .unchanged)
        let end = try #require(reload.identity.expirySeconds)
        files.write(authority.issue(validity: -3600...60 * 86400))
        #expect(reload.reload() == .replaced)
        #expect(try #require(reload.identity.expirySeconds) > end)
        // Its clients' authorities are a part of it.
        files.write("clients.pem", Authority().certificate.pem)
        #expect(reload.reload() == .replaced && reload.reload() == .unchanged)
        #expect(log.lines(.error).isEmpty && log.lines(.warning).isEmpty)
        files.write("server.key", authority.issue().keyPEM)
        #expect(reload.reload() == .failed)
        #expect(log.lines(.error).count == 1 && log.lines(.error)[0].contains("server.key"))
    }

    @Test func theWarningsComeAtTheStartAndWithEachReading() throws {
        files.write(authority.issue(validity: -3600...3600))
        files.write("clients.pem", authority.certificate.pem)
        let reload = try reload()
        #expect(log.lines(.warning).count == 1)
        reload.reload()
        #expect(log.lines(.warning).count == 2)
        #expect(log.lines(.warning).allSatisfy { $0.contains("expires at \(reload.identity.expiry ?? "-")") })
    }

    @Test func withoutACertificateThereIsNothingToReadAgain() throws {
        #expect(try CertificateReload(Settings(), logger: log.logger) == nil)
    }
}
