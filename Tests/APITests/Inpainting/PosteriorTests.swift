import API
import APIFixtures
import Testing

@Suite struct PosteriorTests {
    private func body(_ more: String = "") -> String {
        "{\"image\": \(imageJSON(missing: [5, 6, 9])), \"method\": \"posterior\", \"iterations\": 120, \"samples\": 3\(more)}"
    }

    private func pixels(_ json: JSON?) -> [Double] {
        json?.elements?.flatMap { $0.elements?.compactMap(\.double) ?? [] } ?? []
    }

    @Test func theReplyHasTheMeanTheSpreadAndADrawOfEachChain() async throws {
        let client = try APIClient()
        let reply = try await client.send(.post, "/inpaint", body(", \"seed\": 4"))
        #expect(reply.status == 200, "\(reply.text)")
        let json = try reply.json()
        let mean = pixels(json["image"]), spread = pixels(json["standard_deviation"])
        let draws = try #require(json["samples"]?.elements).map(pixels)
        #expect(draws.count == 3)
        for k in 0..<16 {
            let isMissing = [5, 6, 9].contains(k)
            #expect(isMissing ? spread[k] > 0 : spread[k] == 0)
            #expect(mean[k] >= 0 && mean[k] <= 1)
            if !isMissing { #expect(mean[k] == Double(k) / 16 && draws.allSatisfy { $0[k] == mean[k] }) }
        }
        #expect(Set(draws.map { $0[5] }).count == 3)
        // Trajectories of 8 evaluations that begin after the 60th and end by the 120th: 6 of each chain.
        #expect(json["draws"]?.double == 18)
        #expect(json["initial"]?.text == "conditional_draws")
        #expect(json["r_hat"]?["worst_pixel"]?.double ?? 0 > 0)
        #expect(json["effective_sample_size"]?["log_likelihood"]?.double ?? 0 > 0)
        #expect(json["seed"]?.double == 4)
    }

    /// A reply but for the name of the model, which is that of a temporary file.
    private static func drawn(_ reply: APIClient.Reply) throws -> [Substring] {
        let lines = reply.text.split(separator: "\n")
        #expect(lines.count > 10)
        return lines.filter { !$0.contains("\"model\"") }
    }

    @Test func theSeedGivesTheSameBytesForAnyNumberOfThreads() async throws {
        let one = try await APIClient(threads: 1).send(.post, "/inpaint", body(", \"seed\": 4"))
        for threads in [2, 4] {
            let other = try await APIClient(threads: threads).send(.post, "/inpaint", body(", \"seed\": 4"))
            #expect(try Self.drawn(other) == Self.drawn(one))
        }
        let different = try await APIClient().send(.post, "/inpaint", body(", \"seed\": 5"))
        #expect(different.text != one.text)
    }

    @Test func chainsThatHaveNotMixedAreWarnedOf() async throws {
        let client = try APIClient()
        let few = try await client.send(.post, "/inpaint", body(", \"seed\": 4").replacing("120", with: "9"))
        #expect(try few.json()["warning"]?.text?.contains("too few draws") == true, "\(few.text)")
        let long = try await client.send(.post, "/inpaint", body(", \"seed\": 4").replacing("120", with: "9000"))
        let json = try long.json(), worst = try #require(json["r_hat"]?["worst_pixel"]?.double)
        #expect((json["warning"]?.text?.contains("not mixed") ?? false) == (worst > 1.05))
    }

    @Test func aStreamTellsTheMeanAtFixedCountsAndEndsWithTheObject() async throws {
        let client = try APIClient()
        let whole = body(", \"seed\": 4, \"trace_every\": 50")
        let plain = try await client.send(.post, "/inpaint", whole)
        let stream = try await client.send(.post, "/inpaint", whole, accept: "application/x-ndjson")
        #expect(stream.lines.count == 3)
        let trace = try #require(try plain.json()["trace"]?.elements)
        for (index, line) in stream.lines.dropLast().enumerated() {
            let json = try JSONReader.read(Array(line.utf8))
            #expect(json["iteration"]?.double == Double(50 * (index + 1)))
            #expect(json["log_likelihood"]?.double == trace[index]["log_likelihood"]?.double)
        }
        let last = try JSONReader.read(Array((stream.lines.last ?? "").utf8))
        #expect(JSONWriter.write(last, .page) == plain.body)
    }

    @Test func thePictureShowsMeanAndSpreadSideBySide() async throws {
        let client = try APIClient()
        for (query, width) in [("", 4 * 2 + 1), ("&strip=true", 4 * 3 + 2)] {
            let reply = try await client.send(
                .post, "/inpaint?method=posterior&iterations=40&samples=2&seed=1&rows=1:2\(query)", imageJSON(),
                accept: "image/png")
            #expect(reply.status == 200)
            let picture = try PNG.decode(reply.body, atMost: PNG.Size(width: 1000, height: 1000))
            #expect(query.isEmpty ? picture.width == width : picture.width >= width)
        }
    }

    @Test(arguments: [
        ("\"step_size\": 0.1", "/step_size"), ("\"tolerance\": 0.1", "/tolerance"),
        ("\"initial\": \"mean\"", "/initial"),
        ("\"samples\": 0", "/samples"),
    ])
    func whatPosteriorHasNoUseForIsRefused(option: String, culprit: String) async throws {
        let client = try APIClient()
        let reply = try await client.send(
            .post, "/inpaint", "{\"image\": \(imageJSON(missing: [5])), \"method\": \"posterior\", \(option)}")
        #expect(reply.status == 422)
        #expect(try reply.json()["pointer"]?.text == culprit)
    }

    @Test func samplesAreRefusedByAnAscent() async throws {
        let client = try APIClient()
        let reply = try await client.send(
            .post, "/inpaint", "{\"image\": \(imageJSON(missing: [5])), \"samples\": 3}")
        #expect(reply.status == 422)
        #expect(try reply.json()["pointer"]?.text == "/samples")
    }

    @Test func aDeadlineLeavesTheMeanSoFar() async throws {
        let client = try APIClient()
        // However slow the machine is, some deadline lets every chain begin and none end.
        for deadline in ["0.1", "0.2", "0.4", "0.8", "1.6", "3.2"] {
            if try await deadlineLeavesAMean(deadline, client) { return }
        }
        Issue.record("no deadline left a mean")
    }

    private func deadlineLeavesAMean(_ deadline: String, _ client: APIClient) async throws -> Bool {
        let reply = try await client.send(
            .post, "/inpaint?deadline=\(deadline)",
            body().replacing("120", with: "10000").replacing("\"samples\": 3", with: "\"samples\": 64"))
        guard reply.status == 504, let image = try reply.json()["partial"]?["image"] else { return false }
        #expect(pixels(image).count == 16)
        return true
    }
}
