import API
import APIFixtures
import Fixtures
import Testing

/// `warning`: what the numbers of a reply do not say of themselves.
@Suite struct InpaintingWarningTests {
    /// A model that finds no image of 4 × 4 pixels unlikely.
    private static let calm = (0..<16).reduce(SmallModel(dimension: 16, width: 30)) {
        $0.replacing("scaling.scale", at: $1, with: -1)
    }

    private func warning(_ body: String, of client: APIClient) async throws -> String? {
        let reply = try await client.send(.post, "/inpaint", body)
        #expect(reply.status == 200)
        let json = try reply.json()
        // A line of a stream says the same, and so does the last line of progress.
        let line = try await client.send(.post, "/inpaint", body, type: "application/x-ndjson")
        let progress = try await client.send(.post, "/inpaint", body, accept: "application/x-ndjson")
        for text in [line.lines.last, progress.lines.last] {
            #expect(try JSONReader.read(Array((text ?? "").utf8))["warning"]?.text == json["warning"]?.text)
        }
        return json["warning"]?.text
    }

    private func request(_ options: String) -> String {
        "{\"image\": \(imageJSON(missing: [5, 6, 9])), \"seed\": 1\(options)}"
    }

    @Test func anOrdinaryResultCarriesNone() async throws {
        let client = try APIClient(of: Self.calm)
        #expect(try await warning(request(""), of: client) == nil)
        #expect(try await warning(request(", \"step_size\": 1e-6, \"iterations\": 3"), of: client) == nil)
    }

    @Test(arguments: ["\"step_size\": 1e3", "\"method\": \"noisy_gradient\", \"step_size\": \"paper\""])
    func aResultBelowItsStartIsSaid(option: String) async throws {
        let client = try APIClient(of: Self.calm)
        var found = 0
        for first in 0..<12 {
            // From the best image on, a step that is too long, or noise, mostly leads down.
            let missing = Set((0..<5).map { (first + 3 * $0) % 16 })
            let best = try await client.send(
                .post, "/inpaint", "{\"image\": \(imageJSON(missing: missing)), \"step_size\": \"adam\"}"
            ).json()
            // Without its newline, which would end a line of a stream.
            let image = String(decoding: JSONWriter.write(try #require(best["image"]), .line).dropLast(), as: UTF8.self)
            let mask = (0..<16).map { missing.contains($0) ? "0" : "1" }.joined(separator: ",")
            let body =
                "{\"image\": \(image), \"mask\": [\(mask)], \"seed\": 1, \"initial\": \"given\", \"iterations\": 1, \(option)}"
            let reply = try await client.send(.post, "/inpaint", body).json()
            guard case .object(let values)? = reply["log_likelihood"], let initial = values.first?.value.double,
                let final = values.last?.value.double
            else { throw Problem.malformed("no log-likelihood") }
            let text = try await warning(body, of: client)
            #expect((text?.contains("below its start's") ?? false) == (final < initial))
            if final < initial { found += 1 }
        }
        #expect(found > 0)
    }

    /// The scale of one latent is e^20: images of which it is not nearly 0 are very unlikely.
    @Test func anImageFarFromTheTrainingDataIsSaid() async throws {
        let client = try APIClient(of: Self.calm.replacing("scaling.scale", at: 0, with: 20))
        let text = try #require(try await warning(request(""), of: client))
        #expect(text.contains("unlike the model's training data") && text.contains("polarity"))
    }

    @Test func startingValuesOutsideTheRangeAreSaid() async throws {
        let client = try APIClient(of: Self.calm)
        let cells = (0..<16).map { $0 == 5 ? "255" : $0 == 6 ? "0.5" : "0" }
        let body =
            "{\"image\": [\(cells.joined(separator: ","))], \"missing\": {\"rows\": [1,2], \"columns\": [1,3]}, "
            + "\"initial\": \"given\", \"iterations\": 2}"
        let text = try #require(try await warning(body, of: client))
        #expect(text.contains("Given starting values outside 0…1 were moved to the nearer end: 1 of 2."))
    }
}
