import API
import APIFixtures
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

    @Test func anUnknownCodingIs415ThatNamesIt() async throws {
        let client = try APIClient()
        for coding in ["br", "zstd", "x\"y"] {
            let reply = try await client.send(
                .post, "/likelihood", bytes: Array(imageJSON().utf8), type: "application/json",
                fields: [.contentEncoding: coding])
            #expect(reply.status == 415)
            #expect(reply.headerFields[.acceptEncoding] == "gzip, deflate")
            #expect(try reply.json()["detail"]?.text?.contains(coding) == true)
        }
        let plain = try await client.send(
            .post, "/likelihood", bytes: Array(imageJSON().utf8), type: "application/json",
            fields: [.contentEncoding: "identity"])
        #expect(plain.status == 200)
        // It says nothing of a request whose body is not read, where 415 is not declared.
        let without = try await client.send(
            .get, "/model", bytes: [], type: nil, fields: [.contentEncoding: "br"])
        #expect(without.status == 200)
    }

    @Test func anUnknownTypeIs415ThatNamesWhatToSend() async throws {
        let client = try APIClient()
        let reply = try await client.send(.post, "/inpaint", "x", type: "text/plain")
        #expect(reply.status == 415)
        #expect(
            reply.headerFields[.accept] == "application/json, application/x-ndjson, image/png, multipart/form-data")
    }

    /// What comes without a type, or with curl's own, is a PNG where it begins as one.
    @Test func aPictureIsKnownByItsBytes() async throws {
        let client = try APIClient()
        let png = try PNG.encode(
            GrayscaleImage(size: PNG.Size(width: 4, height: 4), samples: (0..<16).map { Double($0) / 255 }))
        for path in ["/likelihood", "/encode", "/inpaint?rows=0:2&iterations=3"] {
            let expected = try await client.send(.post, path, bytes: png, type: "image/png")
            #expect(expected.status == 200, "\(expected.text)")
            for type in [nil, "application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"] {
                #expect(try await client.send(.post, path, bytes: png, type: type).body == expected.body)
            }
            // A type that says something counts.
            #expect(try await client.send(.post, path, bytes: png, type: "application/json").status == 400)
            #expect(try await client.send(.post, path, bytes: png, type: "image/gif").status == 415)
            // What curl -d leaves of it, and another format.
            let text = png.filter { ![0x0D, 0x0A, 0].contains($0) }
            let mangled = try await client.send(.post, path, bytes: text, type: "application/x-www-form-urlencoded")
            #expect(mangled.status == 400 && mangled.text.contains("--data-binary"))
            let jpeg = try await client.send(.post, path, bytes: [0xFF, 0xD8, 0xFF, 0xE0], type: nil)
            #expect(jpeg.status == 400 && jpeg.text.contains("a JPEG"))
        }
        // Without a picture, no type means JSON, and curl's own none.
        #expect(try await client.send(.post, "/likelihood", bytes: Array(imageJSON().utf8), type: nil).status == 200)
        let form = try await client.send(.post, "/project", bytes: png, type: "application/x-www-form-urlencoded")
        #expect(form.status == 415 && form.text.contains("--json"))
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
        // Its preparation may already take longer: then the whole reply is the problem.
        let stream = try await client.send(.get, endless, accept: "application/x-ndjson")
        #expect(stream.status == 504 || stream.lines.last?.contains("\"status\":504") == true)
    }
}
