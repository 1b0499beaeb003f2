public import HTTPTypes

/// What to answer a request with.
///
/// The server adds Date, X-Request-ID, Content-Length or Transfer-Encoding and
/// Connection, and ignores them here, but for `Connection: close`, which it honours.
/// Answer HEAD as GET: the server leaves the body out and keeps its length.
public struct Response: Sendable {
    public var status: HTTPResponse.Status
    public var headerFields: HTTPFields
    public var body: ResponseBody
    /// The same body by gzip, where that has been made already.
    public var gzip: [UInt8]?
    /// A label for logs and metrics, such as `/inpaint`; never sent.
    public var route: String?

    /// - Parameters:
    ///   - status: a final status, from 200 on
    ///   - body: bytes or a stream; statuses 204 and 304 send none
    ///   - route: a label for logs and metrics
    public init(
        status: HTTPResponse.Status = .ok,
        headerFields: HTTPFields = [:],
        body: ResponseBody = .bytes([]),
        route: String? = nil
    ) {
        precondition(status.code >= 200, "a response has a final status")
        self.status = status
        self.headerFields = headerFields
        self.body = body
        self.route = route
    }

    /// One line of plain text.
    public static func text(_ line: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headerFields: [.contentType: "text/plain; charset=utf-8"],
            body: .bytes(Array("\(line)\n".utf8)))
    }
}

/// The body of a response.
public enum ResponseBody: Sendable {
    /// All of it, sent with the head in one write and a Content-Length.
    case bytes([UInt8])
    /// Written while the work runs: chunked, or until the connection closes under HTTP/1.0.
    ///
    /// The fields returned are sent as trailers. An error, like a cancellation, closes
    /// the connection without the last chunk, so that the client can tell. Not run for HEAD.
    case stream(@Sendable (ResponseWriter) async throws -> HTTPFields)
}

/// Where a streamed body goes.
public struct ResponseWriter: Sendable {
    private let send: @Sendable ([UInt8]) async throws -> Void

    /// A writer that hands what it gets to a closure: for tests, and for those who wrap one.
    public init(_ send: @escaping @Sendable ([UInt8]) async throws -> Void) {
        self.send = send
    }

    /// Sends some bytes now, as one chunk; waits while the client is behind with reading.
    ///
    /// - Throws: `CancellationError` once the client has gone.
    public func write(_ bytes: [UInt8]) async throws {
        if !bytes.isEmpty { try await send(bytes) }
    }
}
