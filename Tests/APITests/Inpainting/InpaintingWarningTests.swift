import API
import Fixtures
import Testing

/// `warning`: what the numbers of a reply do not say of themselves.
@Suite struct InpaintingWarningTests {
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
        let client = try APIClient()
        #expect(try await warning(request(""), of: client) == nil)
        #expect(try await warning(request(", \"step_size\": 1e-6, \"iterations\": 3"), of: client) == nil)
    }

    /// Steps that are far too long go from corner to corner of the box.
    @Test func aResultBelowItsStartIsSaid() async throws {
        let client = try APIClient()
        var found = 0
        for iterations in 1...6 {
            let body = request(", \"step_size\": 100, \"iterations\": \(iterations), \"initial\": 0.5")
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

    /// The scale of one latent is e^60: any image with light in that pixel is unlike what it was made of.
    @Test func anImageFarFromTheTrainingDataIsSaid() async throws {
        let small = SmallModel(dimension: 16, width: 30).replacing("scaling.scale", at: 0, with: 60)
        let client = try APIClient(of: small)
        let text = try #require(try await warning(request(""), of: client))
        #expect(text.contains("unlike the model's training data") && text.contains("polarity"))
    }

    @Test func startingValuesOutsideTheRangeAreSaid() async throws {
        let client = try APIClient()
        let cells = (0..<16).map { $0 == 5 ? "255" : $0 == 6 ? "0.5" : "0" }
        let body = "{\"image\": [\(cells.joined(separator: ","))], \"missing\": {\"rows\": [1,2], \"columns\": [1,3]}, "
            + "\"initial\": \"given\", \"iterations\": 2}"
        let text = try #require(try await warning(body, of: client))
        #expect(text.contains("Given starting values outside 0…1 were moved to the nearer end: 1 of 2."))
    }
}
