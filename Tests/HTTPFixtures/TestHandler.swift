import HTTP

/// A handler made of closures.
public struct TestHandler: Handler {
    public var immediate: @Sendable (Request) -> Response? = { _ in nil }
    public var brief: @Sendable (Request) -> Bool = { _ in false }
    public var limit: @Sendable (RequestHead) -> Int? = { _ in nil }
    public var error: @Sendable (ProtocolError) -> Response = { .text($0.detail, status: $0.status) }
    public var grace: @Sendable () -> Void = {}
    public var record: @Sendable (ExchangeRecord) -> Void = { _ in }
    public var event: @Sendable (ConnectionEvent) -> Void = { _ in }
    public var answer: @Sendable (Request) async -> Response

    public init(_ answer: @escaping @Sendable (Request) async -> Response) {
        self.answer = answer
    }

    public func respondImmediately(to request: Request) -> Response? { immediate(request) }
    public func isBrief(_ request: Request) -> Bool { brief(request) }
    public func respond(to request: Request) async -> Response { await answer(request) }
    public func respond(to error: ProtocolError) -> Response { self.error(error) }
    public func graceEnded() { grace() }
    public func bodyLimit(for head: RequestHead) -> Int? { limit(head) }
    public func responded(_ record: ExchangeRecord) { self.record(record) }
    public func observe(_ event: ConnectionEvent) { self.event(event) }

    /// Sends the body back.
    public static let echo = TestHandler { request in
        do {
            return Response(body: .bytes(try await request.body.collect()))
        } catch {
            return .text("\(error)", status: .internalServerError)
        }
    }

    /// Answers with the target.
    public static let mirror = TestHandler { .text($0.target) }
}
