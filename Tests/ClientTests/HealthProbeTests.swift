import Certificates
import Client
import Glibc
import HTTP
import Logging
import Streams
import Testing

@Suite struct HealthProbeTests {
    private struct Answering: Handler {
        func respond(to request: Request) async -> Response {
            .text(request.path, status: request.path == "/well" ? .ok : .serviceUnavailable)
        }
    }

    @Test func theStatusIsTheServersOnEveryKindOfAddress() async throws {
        let path = "/tmp/riviera-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).sock"
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(addresses: [
                .tcp(host: "127.0.0.1", port: 0), .unix(path: path),
            ]),
            handler: Answering(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try server.bind()
        let running = Task { try await server.run() }
        for address in server.boundAddresses {
            let target: HealthProbe.Address =
                switch address {
                case .tcp(let host, let port): .tcp(host: host, port: port)
                case .unix(let path): .unix(path: path)
                }
            let probe = HealthProbe(target, timeout: .seconds(20))
            // The probe blocks its thread, which must not be one that the server's handlers need.
            let statuses = await Task.detached(priority: .background) {
                ["/well", "/ill"].map { path in Result { try probe.status(of: path) } }
            }.value
            #expect(try statuses.map { try $0.get() } == [200, 503])
        }
        running.cancel()
        _ = try? await running.value
    }

    /// What probes of a server with a certificate come to.
    ///
    /// - Parameter asksClients: whether it wants certificates of its clients
    private func results(
        asksClients: Bool = false, of probes: @escaping @Sendable (ListenAddress) -> [Result<Int, any Error>]
    ) async throws -> [Result<Int, any Error>] {
        let files = CertificateFiles(), authority = Authority()
        files.write(authority.issue())
        var configuration = HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
        configuration.tls = try TLSIdentity(
            TLSFiles(
                certificate: "\(files.folder)/server.pem", key: "\(files.folder)/server.key",
                clientAuthorities: asksClients ? files.write("clients.pem", authority.certificate.pem) : nil))
        let server = HTTPServer(
            configuration: configuration, handler: Answering(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try server.bind()
        let running = Task { try await server.run() }
        let address = try #require(server.boundAddresses.first)
        let results = await Task.detached(priority: .background) { probes(address) }.value
        running.cancel()
        _ = try? await running.value
        return results
    }

    @Test func aServerThatSpeaksTLSIsAskedByTLS() async throws {
        let results = try await results { address in
            guard case .tcp(let host, let port) = address else { return [] }
            let secure = HealthProbe(.tcp(host: host, port: port), isSecure: true, timeout: .seconds(20))
            let plain = HealthProbe(.tcp(host: host, port: port), timeout: .seconds(20))
            return [
                Result { try secure.status(of: "/well") }, Result { try secure.status(of: "/ill") },
                Result { try plain.status(of: "/well") },
            ]
        }
        try #require(results.count == 3)
        #expect(try results[..<2].map { try $0.get() } == [200, 503])
        let error = #expect(throws: FileError.self) { try results[2].get() }
        #expect(error?.description.hasSuffix(": takes HTTPS only: ask with --tls") == true)
    }

    @Test func aServerThatAsksForCertificatesIsToldFromOneThatIsIll() async throws {
        let results = try await results(asksClients: true) { address in
            guard case .tcp(let host, let port) = address else { return [] }
            let probe = HealthProbe(.tcp(host: host, port: port), isSecure: true, timeout: .seconds(20))
            return [Result { try probe.status(of: "/well") }]
        }
        try #require(results.count == 1)
        let error = #expect(throws: FileError.self) { try results[0].get() }
        #expect(error?.description.contains("--http-unix-socket") == true)
    }

    @Test func whereNobodyListensTheAddressIsNamed() throws {
        let port = try freePort()
        let tcp = #expect(throws: FileError.self) {
            try HealthProbe(.tcp(host: "127.0.0.1", port: port), timeout: .seconds(5)).status(of: "/")
        }
        #expect(try #require(tcp).description.contains("127.0.0.1 port \(port)"))
        let unix = #expect(throws: FileError.self) {
            try HealthProbe(.unix(path: "/nowhere.sock"), timeout: .seconds(5)).status(of: "/")
        }
        #expect(try #require(unix).description.contains("/nowhere.sock"))
        #expect(throws: FileError.self) {
            try HealthProbe(.unix(path: String(repeating: "x", count: 500)), timeout: .seconds(5)).status(of: "/")
        }
    }

    /// A port that was free a moment ago.
    private func freePort() throws -> Int {
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
            handler: Answering(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try server.bind()
        guard case .tcp(_, let port) = try #require(server.boundAddresses.first) else { return 0 }
        return port
    }
}
