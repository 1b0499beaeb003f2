import HTTP
import Logging
import Riviera
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct ServerLifetimeTests {
    private struct Nothing: Handler {
        func respond(to request: Request) async -> Response { .text("") }
    }

    private final class Exits: Sendable {
        let count = Atomic(0)
    }

    private let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func makeServer() -> (group: ServiceGroup, http: HTTPServer) {
        let http = HTTPServer(
            configuration: HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
            handler: Nothing(), logger: silence)
        return (ServiceGroup(services: [http], logger: silence), http)
    }

    /// What it waits for may never come.
    @Test func whoIsAskedBeforeServingExitsAtOnce() {
        let exits = Exits()
        let lifetime = ServerLifetime { exits.count.add(1, ordering: .relaxed) }
        lifetime.end()
        #expect(exits.count.load(ordering: .relaxed) == 1)
    }

    /// The process may not have ended by then. Returns, where a request to end would be lost it would not.
    @Test func aRequestFromBeforeServingIsRemembered() async throws {
        let lifetime = ServerLifetime {}, (group, http) = makeServer()
        lifetime.end()
        lifetime.begins(group, http)
        try await group.run()
    }

    @Test(arguments: 1...3) func whoServesShutsDownHoweverOftenItIsAsked(times: Int) async throws {
        let exits = Exits(), (group, http) = makeServer()
        let lifetime = ServerLifetime { exits.count.add(1, ordering: .relaxed) }
        try http.bind()
        lifetime.begins(group, http)
        let running = Task { try await group.run() }
        for _ in 0..<times { lifetime.end() }
        try await running.value
        #expect(exits.count.load(ordering: .relaxed) == 0)
    }
}
