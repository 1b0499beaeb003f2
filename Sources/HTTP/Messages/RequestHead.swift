public import HTTPTypes

/// The request line and header fields of one request, checked.
public struct RequestHead: Sendable {
    /// One of GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH, TRACE and QUERY.
    public let method: HTTPRequest.Method
    /// The minor version of HTTP/1 that the client speaks.
    public let minorVersion: Int
    let requestTarget: RequestTarget
    let lines: FieldLines
    let framing: BodyFraming
    let keepAlive: Bool
    let expectsContinue: Bool

    init(line: RequestLine, fields: FieldLines) throws(ProtocolError) {
        let message = try MessageFraming(fields, line: line)
        method = line.method
        minorVersion = line.minorVersion
        requestTarget = line.target
        lines = fields
        framing = message.body
        keepAlive = message.keepAlive
        expectsContinue = message.expectsContinue
    }

    /// The raw target, as it came: for logs.
    public var target: String { requestTarget.raw }

    /// The path, percent-decoded once; it begins with a slash and has neither dot segments nor
    /// encoded slashes. `*` in `OPTIONS *`, which handlers never see.
    public var path: String { requestTarget.path }

    /// The parameters of the query, decoded once with `+` as a space, in order, repeated ones kept.
    public var query: [(name: String, value: String)] { requestTarget.query }

    /// Host and port that the client meant: of an absolute target, else of the Host field.
    public var authority: String? { requestTarget.authority ?? self[.host] }

    /// The body's length where the client announced it: nil for a chunked body.
    public var contentLength: Int? {
        if case .length(let length) = framing { length } else { nil }
    }

    /// The value of a field, the values joined by commas where it repeats, nil where it is absent.
    ///
    /// O(fields), and cheaper than ``headerFields`` for a look at one or two.
    public subscript(name: HTTPField.Name) -> String? { lines.joined(name) }

    /// All header fields. They are built at each access: keep them rather than ask twice.
    public var headerFields: HTTPFields { lines.fields }
}

extension HTTPField.Name {
    static let host = HTTPField.Name("Host")!
    static let requestID = HTTPField.Name("X-Request-ID")!
    static let retryAfter = HTTPField.Name("Retry-After")!
    static let serverTiming = HTTPField.Name("Server-Timing")!
}
