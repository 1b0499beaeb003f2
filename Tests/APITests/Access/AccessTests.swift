import API
import APIFixtures
import HTTP
import HTTPTypes
import Testing

@Suite struct AccessTests {
    private static let token = "0123456789abcdef", other = "fedcba9876543210=="

    private func client(_ tokens: BearerTokens?) throws -> APIClient {
        var configuration = APIConfiguration()
        configuration.tokens = tokens
        return try APIClient(configuration: configuration, files: PageFiles(["index.html": Array("<p>".utf8)]))
    }

    private func send(
        _ client: APIClient, _ method: HTTPRequest.Method, _ target: String, authorization: String? = nil,
        fields: HTTPFields = [:]
    ) async throws -> APIClient.Reply {
        var fields = fields
        if let authorization { fields[.authorization] = authorization }
        return try await client.send(method, target, bytes: [], type: nil, fields: fields)
    }

    /// Without tokens set, everybody may ask.
    @Test func withoutTokensNothingChanges() async throws {
        let client = try client(nil)
        #expect(try await send(client, .get, "/model").status == 200)
        #expect(try await send(client, .get, "/metrics", authorization: "Bearer whatever").status == 200)
    }

    @Test func everyEndpointAndMetricsNeedAToken() async throws {
        let client = try client(BearerTokens([Self.token, Self.other]))
        for route in client.application.routes.map(\.path) + ["/metrics", "/no/such/endpoint", "/healthy", "/page"] {
            let refused = try await send(client, .get, route)
            #expect(refused.status == 401, "\(route)")
            #expect(refused.headerFields[.wwwAuthenticate] == #"Bearer realm="riviera""#)
            #expect(try refused.json()["status"]?.double == 401)
            for token in [Self.token, Self.other] {
                #expect(try await send(client, .get, route, authorization: "Bearer \(token)").status != 401, "\(route)")
            }
        }
        for path in ["/", "/openapi.json", "/page/index.html", "/health/live", "/health/ready", "/health/no"] {
            #expect(try await send(client, .get, path).status != 401, "\(path)")
        }
        // What is open is open for reading.
        #expect(try await send(client, .post, "/health/live").status == 401)
        // A browser asks without a token whether it may ask with one.
        var preflight = HTTPFields()
        preflight[.accessControlRequestMethod] = "POST"
        #expect(try await send(client, .options, "/inpaint", fields: preflight).status != 401)
        #expect(try await send(client, .options, "/inpaint").status == 401)
    }

    @Test(arguments: [
        "Bearer 0123456789abcde", "Bearer 0123456789abcdeff", "Bearer 0123456789abcdeF", "Bearer fedcba9876543210",
        "Bearer 0", "Bearer fedcba9876543210===",
    ])
    func aWrongTokenIsAnInvalidToken(_ field: String) async throws {
        let client = try client(BearerTokens([Self.token, Self.other]))
        let refused = try await send(client, .get, "/model", authorization: field)
        #expect(refused.status == 401)
        #expect(refused.headerFields[.wwwAuthenticate]?.contains(#"error="invalid_token""#) == true)
        #expect(!refused.text.contains("0123456789"))
    }

    /// RFC 6750 section 3.1.
    @Test(arguments: [
        "Bearer", "Bearer ", "Bearer 0123456789abcdef 0123456789abcdef",
        "Bearer 0123456789abcdef, Bearer fedcba9876543210==", "Bearer Bearer 0123456789abcdef",
        "Bearer 0123456789äbcdef",
        "Bearer \"0123456789abcdef\"", "Bearer =",
    ])
    func whatIsNoTokenAtAllIsAnInvalidRequest(_ field: String) async throws {
        let client = try client(BearerTokens([Self.token, Self.other]))
        let refused = try await send(client, .get, "/model", authorization: field)
        #expect(refused.status == 400)
        #expect(refused.headerFields[.wwwAuthenticate]?.contains(#"error="invalid_request""#) == true)
        #expect(!refused.text.contains("0123456789"))
    }

    /// However right each of them is.
    @Test func twoAuthorizationFieldsAreAnInvalidRequest() async throws {
        let client = try client(BearerTokens([Self.token, Self.other]))
        for pair in [
            ["Bearer \(Self.token)", "Bearer \(Self.token)"], ["Bearer \(Self.token)", "Basic \(Self.other)"],
            ["Basic x", "Bearer \(Self.token)"], ["Bearer \(Self.token)", ""],
        ] {
            var fields = HTTPFields()
            for value in pair { fields.append(HTTPField(name: .authorization, value: value)) }
            let refused = try await send(client, .get, "/model", fields: fields)
            #expect(refused.status == 400, "\(pair)")
            #expect(refused.text.contains("more than one Authorization field"))
            #expect(refused.headerFields[.wwwAuthenticate]?.contains(#"error="invalid_request""#) == true)
        }
    }

    /// The log names a token as `printf %s TOKEN | sha256sum` does, and only one that has been looked at.
    @Test func aTokenHasANameForTheLog() throws {
        let tokens = BearerTokens(["abcabcabcabcabcabc", Self.other])
        let access = Access(tokens: tokens)
        let name = { (field: String?, status: HTTPResponse.Status) throws -> String? in
            let fields: HTTPFields = field.map { [.authorization: $0] } ?? [:]
            return access.tokenName(in: try Request(target: "/model", headerFields: fields).head, answeredWith: status)
        }
        // Of coreutils' sha256sum.
        #expect(try name("Bearer abcabcabcabcabcabc", .ok) == "916f4626")
        #expect(try name("bearer  abcabcabcabcabcabc", .unprocessableContent) == "916f4626")
        // Refused, as the status says.
        #expect(try name("Bearer abcabcabcabcabcabd", .unauthorized)?.utf8.count == 8)
        #expect(try name("Bearer abcabcabcabcabcabd", .unauthorized) != "916f4626")
        // Nobody has looked at it, for example because its path is open.
        #expect(try name("Bearer abcabcabcabcabcabd", .ok) == nil)
        #expect(try name("Bearer abcabcabcabcabcabd", .contentTooLarge) == nil)
        for field in [nil, "Basic abcabcabcabcabcabc", "Bearer", "Bearer a b", "Bearer abc, Bearer def"] {
            #expect(try name(field, .unauthorized) == nil)
        }
        // What began before the token was removed ends with its name.
        tokens.replace(by: [Self.token])
        #expect(try name("Bearer abcabcabcabcabcabc", .ok) == "916f4626")
        tokens.replace(by: [Self.other])
        #expect(try name("Bearer abcabcabcabcabcabc", .ok) == nil)
        #expect(Access(tokens: nil).tokenName(in: try Request(target: "/").head, answeredWith: .ok) == nil)
    }

    @Test func anotherSchemeIsAskedForAToken() async throws {
        let client = try client(BearerTokens([Self.token]))
        let refused = try await send(client, .get, "/model", authorization: "Basic \(Self.token)")
        #expect(refused.status == 401)
        #expect(refused.headerFields[.wwwAuthenticate] == #"Bearer realm="riviera""#)
        // The scheme's case does not matter (RFC 9110 section 11.1).
        for scheme in ["bearer", "BEARER", "Bearer "] {
            #expect(try await send(client, .get, "/model", authorization: "\(scheme) \(Self.token)").status == 200)
        }
    }

    @Test func theBodyOfARefusedRequestIsNotRead() async throws {
        let client = try client(BearerTokens([Self.token]))
        let request = try Request(
            method: .post, target: "/inpaint",
            body: RequestBody { () -> [UInt8]? in
                Issue.record("the body was read")
                return nil
            })
        #expect(client.application.respondImmediately(to: request)?.status == .unauthorized)
    }

    @Test func replacedTokensAreTakenFromThenOn() async throws {
        let tokens = BearerTokens([Self.token])
        let client = try client(tokens)
        tokens.replace(by: [Self.other])
        #expect(try await send(client, .get, "/model", authorization: "Bearer \(Self.token)").status == 401)
        #expect(try await send(client, .get, "/model", authorization: "Bearer \(Self.other)").status == 200)
    }

    @Test func theIndexShowsHowToSendAToken() async throws {
        let open = try await send(try client(nil), .get, "/?format=text").text
        let closed = try await send(try client(BearerTokens([Self.token])), .get, "/?format=text").text
        #expect(!open.contains("Bearer"))
        let lines = closed.split(separator: "\n").filter { $0.contains("curl ") }
        #expect(lines.allSatisfy { $0.contains(#"-H "Authorization: Bearer $TOKEN""#) || $0.contains("/health/") })
        #expect(!closed.contains(Self.token))
    }
}
