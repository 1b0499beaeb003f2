import HTTPTypes

/// Answers requests.
public protocol Handler: Sendable {
    /// A response that needs no waiting, such as health or metrics, made on the event loop's own thread and
    /// therefore there however busy all other threads are; nil where ``respond(to:)-(Request)`` is to
    /// answer. It must not block: every connection waits for it.
    func respondImmediately(to request: Request) -> Response?

    /// Answers a request, in a task of its own that is cancelled when the client goes away.
    func respond(to request: Request) async -> Response

    /// Whether ``respond(to:)-(Request)`` computes for a fraction of a millisecond at most, apart from what
    /// it awaits. Its task then runs on the event loop's own thread, which saves two changes of
    /// threads. Called on the event loop.
    func isBrief(_ request: Request) -> Bool

    /// The response to a request that broke the protocol or a limit. Called on the event loop.
    func respond(to error: ProtocolError) -> Response

    /// The most bytes that this request's body may have, nil for the configured limit. Called on the event loop.
    func bodyLimit(for head: RequestHead) -> Int?

    /// Called once when a shutdown's grace period is over: requests that still run should now end and reply
    /// with what they have reached. After ``HTTPServerConfiguration/lastReplyTime`` all connections are
    /// closed. It must not block.
    func graceEnded()

    /// Called when a request's head has come in. Called on the event loop: it must not block.
    func received(_ head: RequestHead)

    /// Called when an exchange is over, for the access log and metrics. Called on the event loop: it must
    /// not block.
    func responded(_ record: ExchangeRecord)

    /// Called when something has become of a connection, for metrics. Called on the event loop: it must not block.
    func observe(_ event: ConnectionEvent)
}

/// What has become of a connection.
public enum ConnectionEvent: Sendable, Equatable {
    /// Why a connection is closed although its client has not finished.
    public enum Shortage: String, CaseIterable, Sendable {
        /// Others wait to connect.
        case room
        case memory
    }

    case opened, closed
    /// It was closed, since something is short.
    case displaced(Shortage)
    case handshakeCompleted
    /// TLS was not agreed on, and the client has not simply left.
    case handshakeFailed
}

extension Handler {
    public func respondImmediately(to request: Request) -> Response? { nil }

    public func isBrief(_ request: Request) -> Bool { false }

    public func respond(to error: ProtocolError) -> Response {
        var response = Response.text(error.detail, status: error.status)
        if let seconds = error.retryAfter { response.headerFields[.retryAfter] = "\(seconds)" }
        return response
    }

    public func bodyLimit(for head: RequestHead) -> Int? { nil }

    public func graceEnded() {}

    public func received(_ head: RequestHead) {}

    public func responded(_ record: ExchangeRecord) {}

    public func observe(_ event: ConnectionEvent) {}
}
