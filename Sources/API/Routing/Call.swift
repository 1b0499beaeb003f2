import Compute
import HTTP
import HTTPTypes

/// One request to one endpoint: what every endpoint understands has been taken out of it.
public struct Call: Sendable {
    public let request: Request
    /// The query but for `deadline`.
    public let query: [(name: String, value: String)]
    /// The instant named by `deadline=`, counted from the request's arrival.
    private let explicitDeadline: ContinuousClock.Instant?
    private let defaultDeadline: ContinuousClock.Instant?

    /// - Throws: `Problem` where `deadline` is no positive number of seconds.
    init(_ request: Request, configuration: APIConfiguration) throws {
        self.request = request
        let named = request.query.filter { $0.name == "deadline" }
        var fields = try Fields(query: named)
        explicitDeadline = try fields.double("deadline", in: Positive()).map {
            // A year is as good as never, and keeps the sum in range.
            request.arrival + .seconds(min($0, 3.2e7))
        }
        defaultDeadline = configuration.deadline.map { request.arrival + $0 }
        query = request.query.filter { $0.name != "deadline" }
    }

    /// What the work belongs to. A stream has no deadline unless it asks for one.
    public func context(streaming: Bool = false) -> WorkContext {
        WorkContext(deadline: explicitDeadline ?? (streaming ? nil : defaultDeadline))
    }

    /// The representation to answer with.
    ///
    /// - Throws: `Problem` 406 that lists what there is.
    public func responseType(among offered: [MediaType]) throws -> MediaType {
        if let type = MediaType.negotiated(request[.accept], among: offered) { return type }
        throw Problem(.notAcceptable,
            "Accept: \(offered.map(\.rawValue).joined(separator: ", ")) are what there is here.")
    }

    /// The representation that the body is in.
    ///
    /// - Throws: `Problem` 415 that lists what is understood.
    public func bodyType(among understood: [MediaType]) throws -> MediaType {
        guard let field = request[.contentType] else { return understood[0] }
        if let type = MediaType(contentType: field), understood.contains(type) { return type }
        var detail = "The body is “\(field.prefix(60))”; understood: "
            + understood.map(\.rawValue).joined(separator: ", ") + "."
        if field.hasPrefix("application/x-www-form-urlencoded") {
            detail += " With curl say --json @FILE, or add -H 'Content-Type: application/json'."
        }
        throw Problem(.unsupportedMediaType, detail)
    }

    /// The whole body as JSON.
    public func jsonBody() async throws -> JSON {
        try JSONReader.read(try await request.body.collect())
    }

    /// The body of a call to an endpoint that takes a JSON body, nothing in the query, and answers
    /// in JSON.
    func jsonExchange() async throws -> JSON {
        try refuseQuery()
        _ = try bodyType(among: [.json])
        _ = try responseType(among: [.json])
        return try await jsonBody()
    }

    /// The query's fields, all of which the endpoint has to read or refuse.
    public func queryFields() throws -> Fields { try Fields(query: query) }

    /// For endpoints that take nothing in the query.
    public func refuseQuery() throws { try queryFields().finish() }
}
