import Client
import Glibc
import HTTP
import Logging
import Streams
import Testing

@Suite struct HTTPClientTests {
    private struct Echo: Handler {
        func respond(to request: Request) async -> Response {
            .text(request.path, status: request.path == "/ill" ? .serviceUnavailable : .ok)
        }
    }

    private func serving(_ body: @escaping @Sendable (ServerAddress.Kind) throws -> Void) async throws {
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
            handler: Echo(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try server.bind()
        let running = Task { try await server.run() }
        guard case .tcp(let host, let port) = try #require(server.boundAddresses.first) else { return }
        // The clients block their thread, which must not be one that the server's handlers need.
        let result = await Task.detached(priority: .background) {
            Result { try body(.tcp(host: host, port: port)) }
        }.value
        running.cancel()
        _ = try? await running.value
        try result.get()
    }

    @Test func oneConnectionCarriesManyRequests() async throws {
        try await serving { address in
            let client = try HTTPClient(address)
            for path in ["/a", "/longer/than/that", "/c"] {
                let body = try client.send(HTTPClient.request("GET", path))
                #expect(String(decoding: body, as: UTF8.self).hasPrefix(path))
                #expect(client.lastLength > body.count)
            }
        }
    }

    @Test func anErrorIsToldWithTheAnswer() async throws {
        try await serving { address in
            let client = try HTTPClient(address)
            #expect { try client.send(HTTPClient.request("GET", "/ill")) } throws: {
                "\($0)".contains("503")
            }
        }
    }

    @Test func theLoadIsCountedAndOrdered() async throws {
        try await serving { address in
            let result = try LoadGenerator(
                address: address, request: HTTPClient.request("GET", "/a"), connections: 8
            ).run(seconds: 0.2)
            #expect(result.latencies.count >= 8)
            #expect(result.latencies == result.latencies.sorted())
            #expect(result.quantile(0.5) <= result.quantile(0.99))
            #expect(result.perSecond * result.seconds > 7.5)
        }
    }
}
