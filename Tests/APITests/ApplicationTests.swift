import API
import APIFixtures
import HTTPTypes
import LinearAlgebra
import Testing

@Suite struct ApplicationTests {
    @Test func healthAnswersWhateverTheQuery() async throws {
        let client = try APIClient()
        #expect(try await client.send(.get, "/health/live?x=1").status == 200)
        #expect(try await client.send(.get, "/health/ready").status == 200)
        client.application.setReady(false)
        #expect(try await client.send(.get, "/health/ready").status == 503)
        #expect(try await client.send(.get, "/health/live").status == 200)
    }

    @Test func theIndexNamesEveryEndpoint() async throws {
        let client = try APIClient()
        let text = try await client.send(.get, "/").text
        for path in [
            "/inpaint", "/model", "/likelihood", "/sample", "/encode", "/decode", "/invertible-convolution", "/metrics",
        ] {
            #expect(text.contains("\"$SERVER\(path)"))
        }
    }

    @Test func unknownPathsAndMethodsAreNamed() async throws {
        let client = try APIClient()
        let missing = try await client.send(.get, "/inpant")
        #expect(missing.status == 404)
        #expect(missing.text.contains("Did you mean /inpaint?"))
        let wrong = try await client.send(.delete, "/sample")
        #expect(wrong.status == 405)
        #expect(wrong.headerFields[.allow] == "GET, HEAD, OPTIONS")
        #expect(try await client.send(.post, "/metrics", "{}").status == 405)
        #expect(try await client.send(.options, "/model").status == 204)
        #expect(try await client.send(.get, "/model?x=1").status == 400)
        #expect(try await client.send(.head, "/model").status == 200)
    }

    /// In the head alone: the body's bytes are the same for every instruction set.
    @Test func theModelSaysWhichKernelsCompute() async throws {
        let reply = try await APIClient().send(.get, "/model")
        #expect(reply.headerFields[.server] == "riviera/\(ServerIdentity.version) (\(InstructionSet.selected))")
        #expect(!reply.text.contains(ServerIdentity.kernels))
    }

    @Test func whatIsNotOfferedIs406AndWhatIsNotUnderstood415() async throws {
        let client = try APIClient()
        #expect(try await client.send(.get, "/model", accept: "text/html").status == 406)
        #expect(try await client.send(.get, "/model", accept: "text/html, */*;q=0.1").status == 200)
        let form = try await client.send(
            .post, "/inpaint", imageJSON(), type: "application/x-www-form-urlencoded")
        #expect(form.status == 415)
        #expect(form.text.contains("--json"))
        let picture = try await client.send(
            .get, "/sample?seed=1", accept: "image/png;q=0.9, application/json;q=0.8")
        #expect(picture.headerFields[.contentType] == "image/png")
    }

    /// What depends on the model is asked for again each time, and sent again only if it has changed.
    @Test func aSeededSampleIsKnownByItsTag() async throws {
        let client = try APIClient()
        let first = try await client.send(.get, "/sample?n=3&seed=5")
        let again = try await client.send(.get, "/sample?n=3&seed=5")
        #expect(first.body == again.body)
        let tag = try #require(first.headerFields[.eTag])
        #expect(first.headerFields[.cacheControl] == "no-cache")
        let known = try await client.send(
            .get, "/sample?n=3&seed=5", bytes: [], type: nil, fields: [.ifNoneMatch: tag])
        #expect(known.status == 304)
        #expect(known.body.isEmpty)
        #expect(known.headerFields[.eTag] == tag)
        for target in ["/sample?n=3&seed=6", "/sample?n=2&seed=5", "/sample?n=3&seed=5&temperature=2"] {
            let other = try await client.send(.get, target, bytes: [], type: nil, fields: [.ifNoneMatch: tag])
            #expect(other.status == 200)
            #expect(other.headerFields[.eTag] != tag)
        }
        let picture = try await client.send(
            .get, "/sample?n=3&seed=5", bytes: [], type: nil, accept: "image/png", fields: [.ifNoneMatch: tag])
        #expect(picture.status == 200)
        let chosen = try await client.send(.get, "/sample?n=2")
        #expect(chosen.headerFields[.eTag] == nil)
        guard case .string(let url)? = try chosen.json()["reproduce"] else {
            Issue.record("no reproduce")
            return
        }
        #expect(try await client.send(.get, url).body == chosen.body)
    }

    @Test func theModelIsKnownByItsTag() async throws {
        let client = try APIClient()
        let reply = try await client.send(.get, "/model")
        #expect(reply.headerFields[.cacheControl] == "no-cache")
        let tag = try #require(reply.headerFields[.eTag])
        let known = try await client.send(
            .get, "/model", bytes: [], type: nil, fields: [.ifNoneMatch: "\"x\", W/\(tag)"])
        #expect(known.status == 304)
    }

    /// A reply that is longer than a piece is the same bytes as one that is built whole.
    @Test func longRepliesAreMadeInPieces() async throws {
        let client = try APIClient()
        let many = try await client.send(.get, "/sample?n=1000&seed=5")
        #expect(many.body.count > 100_000)
        guard case .object(let fields) = try JSONReader.read(many.body) else {
            Issue.record("no object")
            return
        }
        #expect(fields.first?.value.elements?.count == 1000)
        #expect(JSONWriter.write(.object(fields), .page) == many.body)
    }

    @Test func decodeInvertsEncode() async throws {
        let client = try APIClient()
        let encoded = try await client.send(.post, "/encode", imageJSON())
        #expect(encoded.status == 200)
        let decoded = try await client.send(.post, "/decode", encoded.text).json()
        let pixels = (decoded["image"]?.elements ?? []).flatMap {
            $0.elements?.compactMap(\.double) ?? []
        }
        for (index, pixel) in pixels.enumerated() { #expect(abs(pixel - Double(index) / 16) < 1e-3) }
        #expect(pixels.count == 16)
        #expect(try await client.send(.post, "/decode", "{\"latent\": [1]}").status == 422)
        #expect(try await client.send(.post, "/decode", "{\"latents\": [1]}").status == 400)
    }

    @Test func everyReplySaysHowLongItTook() async throws {
        let client = try APIClient()
        for target in ["/health/live", "/", "/model", "/nowhere"] {
            let timing = try await client.send(.get, target).headerFields[HTTPField.Name("Server-Timing")!]
            #expect(timing?.hasPrefix("queue;dur=") == true)
        }
    }
}
