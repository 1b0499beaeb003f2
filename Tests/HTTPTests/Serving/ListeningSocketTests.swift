import Glibc
import HTTP
import HTTPFixtures
import Testing

extension ServingTests {
    @Suite struct ListeningSocketTests {
        private func ports(_ server: HTTPServer) -> [Int] {
            server.boundAddresses.compactMap { if case .tcp(_, let port) = $0 { port } else { nil } }
        }

        private func hosts(_ server: HTTPServer) -> [String] {
            server.boundAddresses.compactMap { if case .tcp(let host, _) = $0 { host } else { nil } }
        }

        private var hasIPv6: Bool {
            let server = makeServer(
                TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "::1", port: 0)]))
            return (try? server.bind()) != nil
        }

        @Test(arguments: [
            ("localhost", ["127.0.0.1", "::1"]), ("LOCALHOST", ["127.0.0.1", "::1"]), ("*", ["0.0.0.0", "::"]),
        ])
        func aNameForBothFamiliesGetsOnePort(_ name: String, _ expected: [String]) throws {
            let server = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: name, port: 0)]))
            try server.bind()
            #expect(hosts(server) == (hasIPv6 ? expected : [expected[0]]))
            #expect(Set(ports(server)).count == 1)
        }

        @Test func severalHostsGetOneFreePort() throws {
            let addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map { ListenAddress.tcp(host: $0, port: 0) }
            let server = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: addresses))
            try server.bind()
            #expect(Set(ports(server)).count == 1)
            #expect(hosts(server) == ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
        }

        /// Half a server would answer some of those who ask for localhost, and another program the others.
        @Test func aPortInUseAtOneOfTheAddressesIsAnError() throws {
            guard hasIPv6 else { return }
            let first = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "::1", port: 0)]))
            try first.bind()
            let port = port(of: first)
            let second = makeServer(
                TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "localhost", port: port)]))
            let error = #expect(throws: SystemError.self) { try second.bind() }
            #expect(error?.description.contains("[::1]:\(port)") == true)
            #expect(error?.code == EADDRINUSE)
            #expect(second.boundAddresses.isEmpty)
        }

        @Test func aHostThatDoesNotExistIsExplained() {
            let server = makeServer(
                TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "no.such.host.invalid", port: 1)]))
            let error = #expect(throws: SystemError.self) { try server.bind() }
            #expect(error?.description.hasPrefix("resolving the host no.such.host.invalid: ") == true)
            #expect(error?.description.contains("Cannot assign") == false)
        }
    }
}
