import API
import APIFixtures
import Compute
import Fixtures
import HTTPTypes
import Testing

/// Several models at once, of all kinds.
@Suite struct ModelsTests {
    /// NICE as the default, a flow of whole images, a model of missing pixels.
    static func client() throws -> APIClient { try APIClient(others: SmallModels.flows()) }

    private static let image = imageJSON()

    @Test func theListHasEachModelTheDefaultFirst() async throws {
        let client = try Self.client()
        let reply = try await client.send(.get, "/models")
        let models = try #require(try reply.json()["models"]?.elements)
        #expect(models.map { $0["kind"]?.text } == ["nice", "convolutional", "conditional"])
        #expect(models.dropFirst().map { $0["name"]?.text } == ["flow", "hole"])
        #expect(models.map { $0["purpose"]?.text } == ["", "For flows.", "For holes."])
        #expect(models.map { $0["test_log_likelihood"]?.double } == [nil, 12.5, 12.5])
        #expect(models.allSatisfy { $0["shape"]?["rows"]?.double == 4 && ($0["memory_bytes"]?.double ?? 0) > 1000 })
        for model in models {
            let name = try #require(model["name"]?.text)
            let one = try await client.send(.get, "/model?model=\(name)").json()
            #expect(one["sha256"]?.text == model["sha256"]?.text)
            #expect(one["parameters"]?.double == model["parameters"]?.double)
        }
        let tag = try #require(reply.headerFields[.eTag])
        let again = try await client.send(
            .get, "/models", bytes: [], type: nil, fields: [.ifNoneMatch: tag])
        #expect(again.status == 304)
    }

    /// The default model's replies are what they are without other models, byte for byte.
    @Test func whoNamesNoModelNoticesNoOther() async throws {
        let alone = try APIClient(), many = try Self.client()
        let name = many.compute.standard.name
        for (method, target, body) in [
            (HTTPRequest.Method.get, "/sample?n=2&seed=1", ""), (.post, "/likelihood", Self.image),
            (.post, "/encode", Self.image), (.post, "/decode", Self.image),
            (.post, "/inpaint?iterations=9", imageJSON(missing: [5])),
            (.post, "/inpaint?iterations=9&method=posterior&seed=1", imageJSON(missing: [5])),
        ] {
            let expected = try await alone.send(method, target, body), reply = try await many.send(method, target, body)
            // The file is a new one with another name, and so are its digest and the name.
            #expect(Self.withoutIdentity(reply) == Self.withoutIdentity(expected), "\(target)")
            let named = try await many.send(method, "\(target)\(target.contains("?") ? "&" : "?")model=\(name)", body)
            #expect(named.status == 200 && named.text.contains("\"sha256\""), "\(target)")
        }
    }

    private static func withoutIdentity(_ reply: APIClient.Reply) -> [String] {
        reply.text.split(separator: "\n").map(String.init).filter { !$0.contains("\"model\"") }
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/sample?n=2&seed=1", ""), (.post, "/likelihood", imageJSON()),
        (.post, "/encode", imageJSON()), (.post, "/decode", imageJSON()), (.get, "/model", ""),
        (.post, "/inpaint?iterations=3", imageJSON(missing: [5])),
    ])
    func anUnknownNameIsA422ThatListsTheNames(method: HTTPRequest.Method, target: String, body: String) async throws {
        let client = try Self.client()
        let reply = try await client.send(method, "\(target)\(target.contains("?") ? "&" : "?")model=flwo", body)
        #expect(reply.status == 422)
        let problem = try reply.json(), detail = try #require(problem["detail"]?.text)
        #expect(problem["parameter"]?.text == "model")
        #expect(detail.contains("“flow”") && detail.contains("“hole”") && detail.contains("Did you mean “flow”?"))
    }

    @Test func aRequestObjectNamesItsModelAndBlamesIt() async throws {
        let client = try Self.client()
        for path in ["/likelihood", "/encode"] {
            let good = try await client.send(.post, path, "{\"image\":\(Self.image),\"model\":\"flow\"}")
            #expect(good.status == 200)
            #expect(try good.json()["model"]?["name"]?.text == "flow")
            // The object's own goes before the query's.
            let both = try await client.send(
                .post, "\(path)?model=hole", "{\"image\":\(Self.image),\"model\":\"flow\"}")
            #expect(both.body == good.body)
            let bad = try await client.send(.post, path, "{\"image\":\(Self.image),\"model\":\"x\"}")
            #expect(try bad.status == 422 && bad.json()["pointer"]?.text == "/model")
            for wrong in ["7", "null", "[\"flow\"]", "\"\(String(repeating: "x", count: 3000))\""] {
                let reply = try await client.send(.post, path, "{\"image\":\(Self.image),\"model\":\(wrong)}")
                #expect(try reply.status == 422 && reply.json()["pointer"]?.text == "/model", "\(wrong.prefix(20))")
            }
        }
    }

    @Test func eachLineMayNameAnotherModel() async throws {
        let client = try Self.client()
        let lines = ["flow", "hole", "none"].map { "{\"image\":\(Self.image),\"model\":\"\($0)\"}" }
        let reply = try await client.send(
            .post, "/likelihood?model=flow", (lines + ["{\"image\":\(Self.image)}"]).joined(separator: "\n"),
            type: "application/x-ndjson")
        let answers = try reply.lines.map { try JSONReader.read(Array($0.utf8)) }
        #expect(answers.map { $0["status"]?.double } == [nil, 422, 422, nil])
        #expect(answers[0]["log_likelihood"]?.double == answers[3]["log_likelihood"]?.double)
    }

    /// What a model of missing pixels has not, it says; and what else to take.
    @Test(arguments: [
        (HTTPRequest.Method.get, "/sample?n=2&seed=1&model=hole", ""), (.post, "/encode?model=hole", imageJSON()),
        (.post, "/decode?model=hole", imageJSON()),
        (.post, "/inpaint?method=projected_gradient&model=hole", imageJSON(missing: [5])),
        (.post, "/inpaint?iterations=3&model=hole&method=noisy_gradient", imageJSON(missing: [5])),
    ])
    func whatAModelHasNotIsA422(method: HTTPRequest.Method, target: String, body: String) async throws {
        let client = try Self.client(), reply = try await client.send(method, target, body)
        #expect(reply.status == 422)
        let problem = try reply.json()
        #expect(problem["parameter"]?.text == "model" && problem["detail"]?.text?.contains("“flow”") == true)
    }

    /// What an error recommends is taken.
    @Test(arguments: [(HTTPRequest.Method.get, "/sample?n=2&seed=1", ""), (.post, "/encode?", imageJSON())])
    func everyModelThatIsRecommendedAnswers(method: HTTPRequest.Method, target: String, body: String) async throws {
        let client = try APIClient(others: SmallModels.flows() + [SmallModels.photographs()])
        let detail = try await client.send(method, target + "&model=hole", body).json()["detail"]?.text ?? ""
        let names = try #require(detail.firstRange(of: "Take ")).upperBound
        let recommended = detail[names...].split(separator: "“").compactMap { $0.split(separator: "”").first }
        #expect(recommended.count == 2)
        for name in recommended {
            #expect(try await client.send(method, target + "&model=\(name)", body).status == 200)
        }
    }

    @Test func aDrawIsReproducedByItsURL() async throws {
        let client = try Self.client()
        let first = try await client.send(.get, "/sample?n=3&model=flow&temperature=0.7")
        let url = try #require(try first.json()["reproduce"]?.text)
        #expect(url.hasSuffix("&model=flow"))
        let again = try await client.send(.get, url)
        #expect(again.body == first.body && again.headerFields[.eTag] != nil)
        // Which is not that of another model.
        let other = try await client.send(.get, url.replacing("&model=flow", with: ""))
        #expect(other.headerFields[.eTag] != again.headerFields[.eTag])
        let picture = try await client.send(.get, "/sample?n=3&model=flow&seed=1", accept: "image/png")
        #expect(picture.status == 200)
    }

    /// The draws' likelihoods are what `/likelihood` says of them; encoding undoes decoding.
    @Test func theEndpointsAgreeAboutAFlow() async throws {
        let client = try Self.client()
        let draws = try await client.send(.get, "/sample?n=2&seed=3&model=flow").json()
        let images = try #require(draws["images"]?.elements), values = try #require(draws["log_likelihood"]?.elements)
        for (image, value) in zip(images, values) {
            let text = String(decoding: JSONWriter.write(image, .line), as: UTF8.self)
            let judged = try await client.send(.post, "/likelihood?model=flow", text).json()
            #expect(judged["log_likelihood"]?.double == value.double)
            let latent = try await client.send(.post, "/encode?model=flow", text).json()["latent"]
            let body = String(decoding: JSONWriter.write(try #require(latent), .line), as: UTF8.self)
            let back = try await client.send(.post, "/decode?model=flow", "{\"latent\":\(body)}").json()["image"]
            let pixels = back?.elements?.flatMap { $0.elements ?? [] }.compactMap(\.double) ?? []
            let given = image.elements?.flatMap { $0.elements ?? [] }.compactMap(\.double) ?? []
            #expect(pixels.count == 16 && zip(pixels, given).allSatisfy { abs($0 - $1) < 1e-3 })
        }
    }

    @Test(arguments: [
        "", "&step_size=adam&initial=mean", "&step_size=0.0001&initial=0.5", "&method=noisy_gradient&seed=1",
        "&method=noisy_gradient&seed=1&step_size=paper", "&method=posterior&seed=1&samples=2", "&initial=noise&seed=4",
        "&trace_every=3&tolerance=0.001",
    ])
    func aFlowFillsHolesByAllMethods(options: String) async throws {
        let client = try Self.client(), body = imageJSON(missing: [5, 6, 9])
        let reply = try await client.send(.post, "/inpaint?iterations=12&model=flow\(options)", body)
        #expect(reply.status == 200)
        let json = try reply.json()
        #expect(json["model"]?["name"]?.text == "flow")
        let again = try await client.send(.post, "/inpaint?iterations=12&model=flow\(options)", body)
        #expect(again.body == reply.body)
        guard options.isEmpty else { return }
        // The end is above the start, and what /likelihood says of the image.
        let initial = try #require(json["log_likelihood"]?["initial"]?.double)
        let final = try #require(json["log_likelihood"]?["final"]?.double)
        #expect(final > initial)
        let image = String(decoding: JSONWriter.write(try #require(json["image"]), .line), as: UTF8.self)
        let judged = try await client.send(.post, "/likelihood?model=flow", image).json()
        #expect(judged["log_likelihood"]?.double == final)
    }
}
