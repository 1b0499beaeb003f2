import HTTP
import HTTPFixtures
import Logging
import ServiceLifecycle
import Testing

/// Everything with sockets, one test after the other: they lean on the same few processors.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ServingTests {}

let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

/// Runs a server on a free port for as long as the body runs.
func withServer<Result: Sendable>(
    _ handler: some Handler,
    _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (Int) async throws -> Result
) async throws -> Result {
    try await withServer(handler, adjust) { port, _ in try await body(port) }
}

/// The same, for bodies that look at the server.
func withServer<Result: Sendable>(
    _ handler: some Handler,
    _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (Int, HTTPServer) async throws -> Result
) async throws -> Result {
    var configuration = HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
    adjust(&configuration)
    let server = makeServer(handler, configuration)
    try server.bind()
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        let result = try await body(port(of: server), server)
        group.cancelAll()
        try await group.waitForAll()
        return result
    }
}

/// A server on a free port, running until a test has it shut down gracefully.
struct StoppableServer {
    let server: HTTPServer
    let port: Int
    let group: ServiceGroup
    let running: Task<Void, any Error>

    init(
        _ handler: some Handler, logger: Logger = quiet, _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
        // Shorter than a server's, for tests that do not need it.
        configuration.shutdownDelay = .milliseconds(10)
        adjust(&configuration)
        let server = HTTPServer(configuration: configuration, handler: handler, logger: logger)
        try server.bind()
        let group = ServiceGroup(services: [server], logger: quiet)
        (self.server, self.group, port) = (server, group, HTTPFixtures.port(of: server))
        running = Task { try await group.run() }
    }
}

/// Hands a client from one thread to the next.
struct Handed<Value>: @unchecked Sendable {
    // Safe since each test that hands a value on lets go of it.
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
