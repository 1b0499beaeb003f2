import Compute
import HTTP
import HTTPTypes

/// One request to one endpoint: what every endpoint understands has been taken out of it.
public struct Call: Sendable {
    public let request: Request
    /// The query but for `deadline` and `format`.
    public let query: [(name: String, value: String)]
    /// The instant named by `deadline=`, counted from the request's arrival.
    private let explicitDeadline: ContinuousClock.Instant?
    private let configuration: APIConfiguration
    /// The representation named by `format=`, for browsers, links and image tags, which send an Accept field of their own.
    private let format: MediaType?

    /// What every endpoint takes in the query.
    static let commonParameters = ["deadline", "format"]

    /// A year in seconds: as good as never, and no sum of instants leaves its range.
    private static let longestDeadline = 3.2e7

    /// - Throws: `Problem` where `deadline` is out of its range, `ProtocolError` where the body's coding is not supported.
    init(_ request: Request, configuration: APIConfiguration) throws {
        self.request = request
        self.configuration = configuration
        // What comes with a GET is not read, in whatever coding.
        if ![.get, .head].contains(request.method) { _ = try request.head.contentCoding() }
        let isOurs = { (name: String) in Self.commonParameters.contains(where: name.isIdentical) }
        var fields = try Fields(query: request.query.filter { isOurs($0.name) })
        let most = configuration.maximumDeadline.map { $0 / .seconds(1) }
        explicitDeadline = try fields.double("deadline", in: Positive(atMost: most ?? 1e300)).map {
            request.arrival + .seconds(min($0, Self.longestDeadline))
        }
        format = try Self.format(&fields)
        query = request.query.filter { !isOurs($0.name) }
    }

    /// What the work belongs to. It must be done as the request says, else as the configuration does for requests or
    /// for streams of them.
    public func context(streaming: Bool = false) -> WorkContext {
        WorkContext(
            deadline: deadline(streaming: streaming), client: .init(request.client))
    }

    private func deadline(streaming: Bool) -> ContinuousClock.Instant? {
        if let explicitDeadline { return explicitDeadline }
        let usual = streaming ? configuration.streamDeadline : configuration.deadline
        guard let most = configuration.maximumDeadline else { return usual.map { request.arrival + $0 } }
        return request.arrival + min(usual ?? most, most)
    }

    private static func format(_ fields: inout Fields) throws -> MediaType? {
        guard let name = try fields.string("format") else { return nil }
        if let type = MediaType.allCases.first(where: { $0.formatName?.isIdentical(to: name) == true }) { return type }
        let names = MediaType.allCases.compactMap(\.formatName)
        var detail = "“format” must be one of \(names.joined(separator: ", ")), not \(name.quoted)."
        if let near = Spelling.nearest(to: name, among: names) { detail += " Did you mean “\(near)”?" }
        throw Problem.invalid(detail, .parameter("format"))
    }

    /// The representation to answer with: `format` in the query, else what the Accept field prefers.
    ///
    /// - Throws: `Problem` 406 that lists the available ones.
    public func responseType(among offered: [MediaType]) throws -> MediaType {
        if let format {
            guard offered.contains(format) else {
                throw Problem(
                    .notAcceptable,
                    "“format” takes \(offered.compactMap(\.formatName).joined(separator: ", ")) here.",
                    culprit: .parameter("format"))
            }
            return format
        }
        if let type = MediaType.negotiated(request[.accept], among: offered) { return type }
        throw Problem(
            .notAcceptable,
            "The Accept header takes none of the available types: \(Self.listed(offered)).")
    }

    /// The representation that the body is in, as its head has it.
    ///
    /// - Throws: `Problem` 415 that lists the supported ones.
    public func bodyType(among supported: [MediaType]) throws -> MediaType {
        try statedType(among: supported) ?? supported[0]
    }

    /// The body and the representation that it is in. Where its head says none, or only what curl says of all bodies
    /// that it is not told about, a picture is known by its first bytes.
    ///
    /// - Throws: `Problem` 415 that lists the supported ones.
    func body(among supported: [MediaType]) async throws -> (type: MediaType, bytes: [UInt8]) {
        guard supported.contains(.png), isUntold else {
            let type = try bodyType(among: supported)
            return (type, try await request.body.collect())
        }
        let bytes = try await request.body.collect()
        if PNGChunks.areOfPicture(bytes) { return (.png, bytes) }
        return (try bodyType(among: supported), bytes)
    }

    /// curl's own type for a body.
    private static let formType = "application/x-www-form-urlencoded"

    /// Whether the head says nothing of use about the body's representation.
    private var isUntold: Bool {
        guard let field = request[.contentType] else { return true }
        return field.prefix { $0 != ";" }.trimmed.lowercased() == Self.formType
    }

    /// What the head says of the body's representation; nil where that is nothing or unknown.
    var statedType: MediaType? { request[.contentType].flatMap(MediaType.init(contentType:)) }

    private func statedType(among supported: [MediaType]) throws -> MediaType? {
        guard let field = request[.contentType] else { return nil }
        if let type = statedType, supported.contains(type) { return type }
        var detail = "Content-Type \(field.quoted) is not supported. Supported types: \(Self.listed(supported))."
        if isUntold {
            detail += " With curl, use --json @FILE or add -H 'Content-Type: application/json'."
            if supported.contains(.png) { detail += " A PNG is known by its bytes: --data-binary @FILE." }
        }
        var problem = Problem(.unsupportedMediaType, detail)
        // What could be sent instead (RFC 9110, section 15.5.16).
        problem.headerFields[.accept] = Self.listed(supported)
        throw problem
    }

    private static func listed(_ types: [MediaType]) -> String {
        types.map(\.rawValue).joined(separator: ", ")
    }

    /// The whole body as JSON, read in slices.
    public func jsonBody() async throws -> JSONNode {
        try await json(try await request.body.collect())
    }

    /// A text that is the body, or a part of it.
    func json(_ text: [UInt8]) async throws -> JSONNode {
        try await json(text, deadline: deadline(streaming: false)).value
    }

    /// A text as JSON, and how many bytes were reserved for it. Other requests get their turn between slices, and the work
    /// ends with the client's patience.
    func json(
        _ text: [UInt8], deadline: ContinuousClock.Instant?
    ) async throws -> (value: JSONNode, memory: Int) {
        var reader = JSONReader(text)
        let memory = reader.mostMemory
        try request.memory.reserve(memory)
        do {
            return (try await read(&reader, deadline: deadline), memory)
        } catch {
            request.memory.release(memory)
            throw error
        }
    }

    private func read(_ reader: inout JSONReader, deadline: ContinuousClock.Instant?) async throws -> JSONNode {
        while true {
            if let node = try reader.advance(bytes: 256 << 10) { return node }
            try Task.checkCancellation()
            if let deadline, deadline < .now {
                throw ComputeError.interrupted(
                    InterruptedWork(reason: .deadline, partial: nil, timing: .none))
            }
            await Task.yield()
        }
    }

    /// The body of a call to an endpoint that takes a JSON body, nothing in the query, and answers
    /// in JSON.
    func jsonExchange() async throws -> JSONNode {
        try refuseQuery()
        _ = try bodyType(among: [.json])
        _ = try responseType(among: [.json])
        return try await jsonBody()
    }

    /// The query's fields, all of which the endpoint has to read or refuse.
    public func queryFields() throws -> Fields { try Fields(query: query) }

    /// The fields of the query, or with POST of a JSON body, beside which there is no query.
    func queryOrBodyFields() async throws -> Fields {
        guard request.method == .post else { return try queryFields() }
        try refuseQuery()
        _ = try bodyType(among: [.json])
        return try Fields(try await jsonBody())
    }

    /// For endpoints that take nothing in the query.
    public func refuseQuery() throws { try queryFields().finish() }
}
