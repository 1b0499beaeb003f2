public import HTTPTypes

/// A request that breaks HTTP's rules or this server's limits, and what to answer it with.
///
/// The server closes the connection after an error of its own, since what follows a malformed request may
/// not be what it seems.
public struct ProtocolError: Error, Sendable {
    /// 400, 408, 413, 414, 415, 417, 422, 431, 501, 503 or 505.
    public let status: HTTPResponse.Status
    /// One sentence for the client, naming the culprit.
    public let detail: String
    /// The header field to blame, where one is.
    public let field: String?
    /// With 503: the seconds after which the client may try again.
    public let retryAfter: Int?
    /// The identifier that the reply will carry.
    public internal(set) var requestID = ""
    /// The head of the request, where the error came after it.
    public internal(set) var head: RequestHead?

    /// - Parameters:
    ///   - status: what to answer with
    ///   - detail: one sentence for the client
    ///   - field: the header field to blame
    ///   - retryAfter: seconds
    public init(_ status: HTTPResponse.Status, _ detail: String, field: String? = nil, retryAfter: Int? = nil) {
        self.status = status
        self.detail = detail
        self.field = field
        self.retryAfter = retryAfter
    }

    /// The error with what a handler needs in order to word its reply.
    package func described(for head: RequestHead?, requestID: String) -> ProtocolError {
        var error = self
        error.head = head
        error.requestID = requestID
        return error
    }

    /// The ``MemoryBudget`` is used up.
    static let memoryShort = ProtocolError(
        .serviceUnavailable, "The requests in progress use all the memory that the server may take. Try again shortly.",
        retryAfter: 1)

    static func malformed(_ detail: String, field: String? = nil) -> ProtocolError {
        ProtocolError(.badRequest, detail, field: field)
    }
}
