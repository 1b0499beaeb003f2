import Glibc
import HTTP
import HTTPFixtures
import Testing

extension ServingTests {
    @Suite struct HTTPServerTests {
        @Test func clientsBeyondTheLimitWait() async throws {
            let release = Event(), begun = Countdown(2)
            let handler = TestHandler { request in
                if request.path != "/wait" { return .text("\(release.hasHappened)") }
                begun.happen()
                await release.wait()
                return .text(request.path)
            }
            try await withServer(handler, { $0.connectionLimit = 2 }) { port in
                let clients = try await onThread {
                    let clients = try (0..<3).map { _ in try RawClient(port: port) }
                    for client in clients[..<2] {
                        try client.send("GET /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    }
                    try clients[2].send(get)
                    return Handed(clients)
                }
                await begun.wait()
                try await onThread { () throws -> Void in
                    let clients = clients.value
                    release.happen()
                    for client in clients[..<2] {
                        let reply = try client.reply()
                        #expect(reply.text == "/wait\n")
                        client.close()
                    }
                    let reply = try clients[2].reply()
                    #expect(reply.text == "true\n")
                }
            }
        }

        @Test func severalAddressesAreServedAtOnce() async throws {
            let path = "/tmp/http-tests-\(getpid()).sock"
            let addresses: [ListenAddress] = [
                .tcp(host: "127.0.0.1", port: 0), .tcp(host: "::1", port: 0), .unix(path: path),
            ]
            let server = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: addresses))
            try server.bind()
            let ports = server.boundAddresses.compactMap { address in
                if case .tcp(_, let port) = address { port } else { nil }
            }
            #expect(server.boundAddresses.last == .unix(path: path))
            #expect(ports.allSatisfy { $0 > 0 })
            let running = Task { try await server.run() }
            try await onThread {
                for client in [
                    try RawClient(port: ports[0]), try RawClient(port: ports[1], ipv6: true),
                    try RawClient(unixPath: path),
                ] {
                    try client.send(get)
                    #expect(try client.reply().text == "/a\n")
                }
            }
            // In use by a live server; free again when it has gone.
            let rival = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: [.unix(path: path)]))
            #expect(throws: SystemError.self) { try rival.bind() }
            running.cancel()
            try await running.value
            #expect(access(path, F_OK) != 0)
            try rival.bind()
        }

        @Test func anAddressThatCannotBeHadIsNamed() {
            for address in [
                ListenAddress.tcp(host: "no.such.host.invalid", port: 1), .tcp(host: "127.0.0.1", port: 70000),
                .unix(path: "/no/such/folder/socket"),
            ] {
                let server = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: [address]))
                #expect(throws: SystemError.self) { try server.bind() }
            }
        }
    }
}
