import API
import HTTP
import HTTPTypes
import Testing

@Suite struct RouterTests {
    @Test func everyEndpointAnswersOptionsAndRefusesOtherMethods() async throws {
        let client = try APIClient()
        let paths = Set(client.application.examples.map { String($0.target.prefix { $0 != "?" }) })
        #expect(paths.count > 10)
        for path in paths {
            let options = try await client.send(.options, path)
            #expect(options.status == 204)
            let allowed = try #require(options.headerFields[.allow])
            for method in [HTTPRequest.Method.get, .head, .post, .put, .delete, .patch] {
                let isAllowed = allowed.split(separator: ", ").contains { $0 == method.rawValue }
                let reply = try await client.send(method, path)
                #expect((reply.status != 405) == isAllowed, "\(method) \(path)")
                if !isAllowed { #expect(reply.headerFields[.allow] == allowed) }
            }
        }
    }

    @Test func headGoesWhereGetGoes() async throws {
        let client = try APIClient()
        for target in ["/model", "/sample?seed=1", "/ruin?n=10&k=10&seed=1", "/"] {
            #expect(try await client.send(.head, target).status == 200)
        }
    }

    /// A path is the bytes that it is made of, whatever Unicode calls equal to it.
    @Test func pathsAreComparedByTheirBytes() async throws {
        let client = try APIClient()
        #expect(try await client.send(.get, "/model%CC%81").status == 404)
        let marks = String(repeating: "%CC%81%CC%A3", count: 1000)
        #expect(try await client.send(.get, "/health/live\(marks)").status == 404)
        #expect(try await client.send(.get, "/model?a\(marks)=1").status == 400)
    }

    @Test func aCompressedBodyIs415ThatNamesTheCoding() async throws {
        let client = try APIClient()
        for coding in ["gzip", "deflate", "br", "x\"y"] {
            let reply = try await client.send(
                .post, "/likelihood", bytes: Array(imageJSON().utf8), type: "application/json",
                fields: [.contentEncoding: coding])
            #expect(reply.status == 415)
            #expect(reply.headerFields[.acceptEncoding] == "identity")
            guard case .string(let detail)? = try reply.json()["detail"] else {
                Issue.record("no detail")
                continue
            }
            #expect(detail.contains(coding))
        }
        let plain = try await client.send(
            .post, "/likelihood", bytes: Array(imageJSON().utf8), type: "application/json",
            fields: [.contentEncoding: "identity"])
        #expect(plain.status == 200)
    }

    @Test func aConfiguredMostDeadlineHoldsForEveryRequest() async throws {
        var configuration = APIConfiguration()
        configuration.maximumDeadline = .milliseconds(20)
        let client = try APIClient(configuration: configuration)
        let asked = try await client.send(.get, "/ruin?deadline=1")
        #expect(asked.status == 422)
        #expect(asked.text.contains("\"parameter\": \"deadline\""))
        // A simulation without an end of its own.
        let endless = "/ruin?n=1000000000&k=1000000&seed=1&method=naive"
        let reply = try await client.send(.get, endless)
        #expect(reply.status == 504)
        let stream = try await client.send(.get, endless, accept: "application/x-ndjson")
        #expect(stream.lines.last?.contains("\"status\":504") == true)
    }
}
