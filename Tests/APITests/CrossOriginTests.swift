import API
import APIFixtures
import HTTP
import HTTPTypes
import Testing

/// Pages of other origins.
@Suite struct CrossOriginTests {
    private func client(_ origins: String?) throws -> APIClient {
        var configuration = APIConfiguration()
        configuration.crossOrigins = try origins.map { try #require(CrossOriginPolicy($0)) }
        return try APIClient(configuration: configuration)
    }

    private let origin = "https://lab.example"

    private func fields(of client: APIClient, _ method: HTTPRequest.Method, _ target: String, _ more: HTTPFields = [:])
        async throws
        -> HTTPFields
    {
        var fields = more
        fields[.origin] = origin
        return try await client.send(method, target, bytes: [], type: nil, fields: fields).headerFields
    }

    @Test func byDefaultNoPageMayReadAnything() async throws {
        let client = try client(nil)
        for method in [HTTPRequest.Method.get, .options] {
            let fields = try await fields(of: client, method, "/model", [.accessControlRequestMethod: "GET"])
            #expect(!fields.contains { $0.name.canonicalName.hasPrefix("access-control") } && fields[.vary] != "Origin")
        }
    }

    /// Work, health, problems, streams, what is not modified.
    @Test(arguments: [
        "/model", "/health/live", "/health/ready", "/metrics", "/", "/nowhere", "/ruin?n=0",
        "/ruin?n=100&k=10&seed=1&format=ndjson",
        "/sample?n=2", "/likelihood",
    ])
    func everyReplyNamesTheOrigin(target: String) async throws {
        let client = try client("https://other.example, \(origin)")
        for method in [HTTPRequest.Method.get, .head] {
            let fields = try await fields(of: client, method, target)
            #expect(fields[.accessControlAllowOrigin] == origin)
            #expect(fields[.vary]?.contains("Origin") == true)
            #expect(fields[.accessControlExposeHeaders]?.contains("ETag") == true)
        }
        let tag = try await fields(of: client, .get, "/model")[.eTag]
        let known = try await fields(of: client, .get, "/model", [.ifNoneMatch: tag ?? ""])
        #expect(known[.accessControlAllowOrigin] == origin && known[.eTag] == tag)
    }

    @Test func protocolErrorsDo() throws {
        let client = try client(origin)
        let error = ProtocolError(.contentTooLarge, "x")
        #expect(client.application.respond(to: error).headerFields[.accessControlAllowOrigin] == nil)
        let head = try Request(target: "/", headerFields: [.origin: origin]).head
        let known = client.application.respond(to: error.described(for: head, requestID: "x"))
        #expect(known.headerFields[.accessControlAllowOrigin] == origin)
    }

    @Test func everyEndpointAnswersPreflightRequests() async throws {
        let client = try client("*")
        for route in client.application.routes + [(path: "/metrics", methods: ["GET"]), (path: "/", methods: ["GET"])] {
            let fields = try await fields(
                of: client, .options, route.path,
                [.accessControlRequestMethod: route.methods[0], .accessControlRequestHeaders: "content-type"])
            #expect(fields[.accessControlAllowOrigin] == "*" && fields[.accessControlAllowHeaders] == "content-type")
            let methods = fields[.accessControlAllowMethods] ?? ""
            for method in route.methods { #expect(methods.contains(method)) }
        }
    }
}
