import Glibc
import HTTP
import HTTPTypes
import Logging
import ServiceLifecycle
import Testing
import Threads

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

    init(_ handler: some Handler, _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }) throws {
        var configuration = HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
        // Shorter than a server's, for tests that do not need it.
        configuration.shutdownDelay = .milliseconds(10)
        adjust(&configuration)
        let server = makeServer(handler, configuration)
        try server.bind()
        let group = ServiceGroup(services: [server], logger: quiet)
        (self.server, self.group, port) = (server, group, HTTPTests.port(of: server))
        running = Task { try await group.run() }
    }
}

func makeServer(_ handler: some Handler, _ configuration: HTTPServerConfiguration) -> HTTPServer {
    HTTPServer(configuration: configuration, handler: handler, logger: quiet)
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

func port(of server: HTTPServer) -> Int {
    for case .tcp(_, let port) in server.boundAddresses { return port }
    return 0
}

/// Runs blocking code on a thread of its own: the threads that tasks run on are for the server's handlers.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        do {
            try SystemThread.detach(name: "client") { continuation.resume(with: Swift.Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

/// A handler made of closures.
struct TestHandler: Handler {
    var immediate: @Sendable (Request) -> Response? = { _ in nil }
    var brief: @Sendable (Request) -> Bool = { _ in false }
    var limit: @Sendable (RequestHead) -> Int? = { _ in nil }
    var error: @Sendable (ProtocolError) -> Response = { .text($0.detail, status: $0.status) }
    var grace: @Sendable () -> Void = {}
    var record: @Sendable (ExchangeRecord) -> Void = { _ in }
    var answer: @Sendable (Request) async -> Response

    init(_ answer: @escaping @Sendable (Request) async -> Response) {
        self.answer = answer
    }

    func respondImmediately(to request: Request) -> Response? { immediate(request) }
    func isBrief(_ request: Request) -> Bool { brief(request) }
    func respond(to request: Request) async -> Response { await answer(request) }
    func respond(to error: ProtocolError) -> Response { self.error(error) }
    func graceEnded() { grace() }
    func bodyLimit(for head: RequestHead) -> Int? { limit(head) }
    func responded(_ record: ExchangeRecord) { self.record(record) }

    /// Sends the body back.
    static let echo = TestHandler { request in
        do {
            return Response(body: .bytes(try await request.body.collect()))
        } catch {
            return .text("\(error)", status: .internalServerError)
        }
    }

    /// Answers with the target.
    static let mirror = TestHandler { .text($0.target) }
}

/// Hands a client from one thread to the next.
struct Handed<Value>: @unchecked Sendable {
    // Safe since each test that hands a value on lets go of it.
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
