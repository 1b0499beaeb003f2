import API
import APIFixtures
import Testing

/// `POST /inpaint` by a model of missing pixels given the known ones.
@Suite struct ConditionalInpaintingTests {
    private static let hole = [5, 6, 9]

    private func body(_ more: String = ", \"seed\": 4, \"samples\": 20") -> String {
        "{\"image\": \(imageJSON(missing: Set(Self.hole))), \"model\": \"hole\"\(more)}"
    }

    private func client(threads: Int = 2) throws -> APIClient {
        try APIClient(threads: threads, others: SmallModels.flows())
    }

    private func pixels(_ json: JSON?) -> [Double] {
        json?.elements?.flatMap { $0.elements?.compactMap(\.double) ?? [] } ?? []
    }

    @Test func theReplyHasTheDrawsAndWhatTheySay() async throws {
        let reply = try await client().send(.post, "/inpaint", body())
        #expect(reply.status == 200, "\(reply.text)")
        let json = try reply.json(), mean = pixels(json["image"]), spread = pixels(json["standard_deviation"])
        let draws = try #require(json["samples"]?.elements).map(pixels)
        let values = try #require(json["sample_log_likelihoods"]?.elements).compactMap(\.double)
        #expect(draws.count == 20 && values.count == 20 && json["draws"]?.double == 20)
        #expect(json["method"]?.text == "posterior" && json["initial"]?.text == "none")
        for k in 0..<16 {
            guard Self.hole.contains(k) else {
                #expect(spread[k] == 0 && mean[k] == Double(k) / 16 && draws.allSatisfy { $0[k] == mean[k] })
                continue
            }
            let sum = draws.reduce(0) { $0 + $1[k] }
            #expect(abs(sum / 20 - mean[k]) < 1e-6 && spread[k] > 0)
            let lower = pixels(json["interval"]?["lower"])[k], upper = pixels(json["interval"]?["upper"])[k]
            #expect(json["interval"]?["level"]?.double == 0.9 && lower < upper)
            #expect(draws.count { $0[k] < lower } <= 2 && draws.count { $0[k] > upper } <= 2)
        }
        let final = try #require(json["log_likelihood"]?["final"]?.double)
        #expect(abs(values.reduce(0, +) / 20 - final) < 1e-9)
        let bits = try #require(json["bits_per_dimension"]?.double)
        #expect(abs(bits - (8 - final / (3 * 0.693147180559945))) < 1e-9)
        #expect(json["seed"]?.double == 4 && json["model"]?["name"]?.text == "hole")
    }

    @Test func oneDrawHasNoDeviation() async throws {
        let client = try client()
        let one = try await client.send(.post, "/inpaint", body(", \"samples\": 1")).json()
        guard case .null? = one["standard_deviation"] else {
            Issue.record("a deviation of one draw")
            return
        }
        let two = try await client.send(.post, "/inpaint", body(", \"samples\": 2")).json()
        #expect(pixels(two["standard_deviation"]).contains { $0 > 0 })
    }

    @Test func intervalsNeedNineteenDraws() async throws {
        let client = try client()
        for (samples, has) in [("18", false), ("19", true)] {
            let reply = try await client.send(.post, "/inpaint", body(", \"samples\": \(samples)"))
            #expect(try (reply.json()["interval"] != nil) == has)
        }
        let standard = try await client.send(.post, "/inpaint", body(""))
        #expect(try standard.json()["draws"]?.double == 32 && standard.json()["interval"] != nil)
    }

    @Test func theSeedGivesTheSameBytesForAnyNumberOfThreads() async throws {
        func text(_ threads: Int, _ more: String) async throws -> [Substring] {
            try await client(threads: threads).send(.post, "/inpaint", body(more)).text.split(separator: "\n")
                .filter { !$0.contains("\"model\"") }
        }
        let one = try await text(1, ", \"seed\": 4, \"samples\": 64")
        for threads in [2, 4] { #expect(try await text(threads, ", \"seed\": 4, \"samples\": 64") == one) }
        #expect(try await text(1, ", \"seed\": 5, \"samples\": 64") != one)
    }

    @Test func aStreamTellsTheMeanAtFixedCountsAndEndsWithTheObject() async throws {
        let client = try client(), whole = body(", \"seed\": 4, \"samples\": 20, \"trace_every\": 6")
        let plain = try await client.send(.post, "/inpaint", whole)
        let stream = try await client.send(.post, "/inpaint", whole, accept: "application/x-ndjson")
        #expect(stream.lines.count == 4)
        let trace = try #require(try plain.json()["trace"]?.elements)
        for (index, line) in stream.lines.dropLast().enumerated() {
            let json = try JSONReader.read(Array(line.utf8))
            #expect(json["iteration"]?.double == Double(6 * (index + 1)))
            #expect(json["log_likelihood"]?.double == trace[index]["log_likelihood"]?.double)
        }
        let few = try await client.send(.post, "/inpaint", body(", \"seed\": 4, \"samples\": 18"))
        let last = try JSONReader.read(Array(stream.lines[2].utf8))
        #expect(try pixels(last["image"]) == pixels(few.json()["image"]))
        #expect(
            JSONWriter.write(try JSONReader.read(Array((stream.lines.last ?? "").utf8)), .page) == plain.body)
    }

    @Test func thePictureShowsMeanAndSpread() async throws {
        let reply = try await client().send(
            .post, "/inpaint?model=hole&samples=2&seed=1&rows=1:2", imageJSON(), accept: "image/png")
        let picture = try PNG.decode(reply.body, atMost: PNG.Size(width: 1000, height: 1000))
        #expect(reply.status == 200 && picture.width == 4 * 2 + 1)
    }

    @Test func aStreamOfLinesIsAnsweredLineByLine() async throws {
        let client = try client(), line = body().replacing("\n", with: " ")
        let reply = try await client.send(.post, "/inpaint", "\(line)\n\(line)", type: "application/x-ndjson")
        #expect(reply.lines.count == 2 && reply.lines[0] == reply.lines[1])
        let plain = try await client.send(.post, "/inpaint", body())
        #expect(JSONWriter.write(try JSONReader.read(Array(reply.lines[0].utf8)), .page) == plain.body)
    }

    @Test(arguments: [
        ("\"step_size\": 0.1", "/step_size"), ("\"iterations\": 9", "/iterations"), ("\"tolerance\": 0", "/tolerance"),
        ("\"initial\": \"mean\"", "/initial"), ("\"samples\": 65", "/samples"),
        ("\"method\": \"projected_gradient\"", "/model"), ("\"method\": \"noisy_gradient\"", "/model"),
    ])
    func whatDrawsHaveNoUseForIsRefused(option: String, culprit: String) async throws {
        let reply = try await client().send(.post, "/inpaint", body(", \(option)"))
        #expect(reply.status == 422)
        #expect(try reply.json()["pointer"]?.text == culprit, "\(reply.text)")
    }

    /// The ascent of another model begins at a draw of this one.
    @Test func anAscentStartsFromADraw() async throws {
        let client = try client()
        func ascend(_ model: String, _ seed: Int) async throws -> APIClient.Reply {
            try await client.send(
                .post, "/inpaint?model=\(model)",
                "{\"image\": \(imageJSON(missing: Set(Self.hole))), \"initial\": \"draw\", \"iterations\": 1, "
                    + "\"step_size\": 1e-30, \"seed\": \(seed)}")
        }
        let draws = try await client.send(.post, "/inpaint", body(", \"seed\": 4, \"samples\": 1"))
        for model in ["flow", client.compute.standard.name] {
            let reply = try await ascend(model, 4)
            #expect(try reply.status == 200 && reply.json()["initial"]?.text == "draw", "\(reply.text)")
            #expect(try reply.json()["seed"]?.double == 4)
            // A step as short as that leaves the start as it is.
            #expect(try pixels(reply.json()["image"]) == pixels(draws.json()["image"]))
            #expect(try await ascend(model, 5).text != reply.text)
        }
    }

    @Test func withoutAConditionalModelThereIsNoDraw() async throws {
        let reply = try await APIClient().send(
            .post, "/inpaint", "{\"image\": \(imageJSON(missing: [5])), \"initial\": \"draw\"}")
        #expect(reply.status == 422)
        #expect(try reply.json()["pointer"]?.text == "/initial")
    }

    @Test func aDeadlineLeavesTheMeanSoFarOrNothing() async throws {
        let client = try client()
        let reply = try await client.send(.post, "/inpaint?deadline=0.000001", body())
        #expect(reply.status == 504, "\(reply.text)")
    }
}
