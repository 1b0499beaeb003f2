public import HTTPTypes

/// One request, decoded and checked.
public struct Request: Sendable {
    /// The request line and the header fields.
    public let head: RequestHead
    /// X-Request-ID: the client's if it is visible ASCII of at most 128 bytes, else made here.
    public let id: String
    /// The body, read as it comes, its Content-Encoding undone.
    public let body: RequestBody
    /// When the head had come in whole.
    public let arrival: ContinuousClock.Instant
    /// The client that sent it.
    public let client: ClientIdentity
    /// Its share of the server's memory. A handler reserves there what it allocates in proportion to what
    /// the client has sent or asked for.
    public let memory: RequestMemory

    init(
        head: RequestHead, id: String, body: RequestBody, arrival: ContinuousClock.Instant,
        client: ClientIdentity, memory: RequestMemory, bodyLimit: Int
    ) {
        self.head = head
        self.id = id
        var body = body.decoded(for: head, limit: bodyLimit, memory: memory)
        body.memory = memory
        self.body = body
        self.arrival = arrival
        self.client = client
        self.memory = memory
    }

    /// A request that came by no socket: for handlers' tests and for programs that call them.
    ///
    /// - Parameters:
    ///   - target: as on the request line, percent-encoded: `/ruin?n=3000`
    ///   - id: what X-Request-ID would carry
    ///   - client: the client that it comes from
    ///   - memory: what bodies and handlers reserve is counted there
    ///   - bodyLimit: bytes of the longest body that is made of a compressed one
    /// - Throws: `ProtocolError` where the target is not valid.
    public init(
        method: HTTPRequest.Method = .get,
        target: String,
        headerFields: HTTPFields = [:],
        body: RequestBody = RequestBody(),
        id: String = "-",
        client: ClientIdentity = .local,
        memory: RequestMemory = RequestMemory(),
        bodyLimit: Int = .max
    ) throws(ProtocolError) {
        var lines = FieldLines()
        for field in headerFields {
            try lines.append(line: ArraySlice("\(field.name.rawName): \(field.value)".utf8))
        }
        if headerFields[.host] == nil {
            try lines.append(line: ArraySlice("Host: localhost".utf8))
        }
        let line = try RequestLine(ArraySlice("\(method.rawValue) \(target) HTTP/1.1".utf8))
        self.init(
            head: try RequestHead(line: line, fields: lines), id: id, body: body, arrival: .now, client: client,
            memory: memory, bodyLimit: bodyLimit)
    }

    /// One of GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH, TRACE and QUERY.
    public var method: HTTPRequest.Method { head.method }
    /// The path, percent-decoded once, without dot segments.
    public var path: String { head.path }
    /// The parameters of the query, decoded once with `+` as a space, in order, repeated ones kept.
    public var query: [(name: String, value: String)] { head.query }
    /// The raw target: for logs.
    public var target: String { head.target }
    /// All header fields. They are built at each access: keep them rather than ask twice.
    public var headerFields: HTTPFields { head.headerFields }
    /// The value of one header field, cheaply: see ``RequestHead/subscript(_:)``.
    public subscript(name: HTTPField.Name) -> String? { head[name] }
}
