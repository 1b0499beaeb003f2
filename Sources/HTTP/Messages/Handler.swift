import HTTPTypes

/// Answers requests.
public protocol Handler: Sendable {
    /// An answer that takes no waiting, given on the event loop's own thread, so that it is
    /// there however busy everything else is: health, metrics. nil sends the request on to
    /// ``respond(to:)-(Request)``. It must not block: every connection waits for it.
    func respondImmediately(to request: Request) -> Response?

    /// Answers a request, in a task of its own that is cancelled when the client goes away.
    func respond(to request: Request) async -> Response

    /// Whether ``respond(to:)-(Request)`` keeps the thread it runs on for a fraction of a millisecond
    /// at most, beside what it awaits. Its task then runs on the event loop's own thread, which spares
    /// it two changes of threads. On the event loop.
    func isBrief(_ request: Request) -> Bool

    /// Words the answer to a request that broke the protocol or a limit. On the event loop.
    func respond(to error: ProtocolError) -> Response

    /// The most bytes that this request's body may have, nil for the configured limit. On the event loop.
    func bodyLimit(for head: RequestHead) -> Int?

    /// Told once that the time for running requests to finish after a shutdown's beginning is over: what
    /// still runs should now end with what it has reached. Its replies have a short time to leave; after
    /// that every connection is cut off. On an event loop's thread: it must not block.
    func graceEnded()

    /// Told of each request when its head has come in. On the event loop: it must not block.
    func received(_ head: RequestHead)

    /// Told of each exchange when it is over: for the access log and metrics. On the event
    /// loop: it must not block.
    func responded(_ record: ExchangeRecord)
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
}
