import API
import APIFixtures
import Testing

@Suite struct InpaintingStartTests {
    @Test func theConditionalMeanIsTheDefaultStart() async throws {
        let client = try APIClient()
        let image = imageJSON(missing: [5, 6, 9])
        let standard = try await client.send(.post, "/inpaint", "{\"image\": \(image), \"iterations\": 5}")
        let asked = try await client.send(
            .post, "/inpaint", "{\"image\": \(image), \"iterations\": 5, \"initial\": \"conditional_mean\"}")
        #expect(standard.status == 200)
        #expect(standard.text == asked.text)
        #expect(try standard.json()["initial"]?.text == "conditional_mean")
        let mean = try await client.send(
            .post, "/inpaint", "{\"image\": \(image), \"iterations\": 5, \"initial\": \"mean\"}")
        #expect(mean.text != standard.text)
    }

    /// Of every pixel there is a start, whatever is known.
    @Test func withoutAnyKnownPixelTheStartIsTheMean() async throws {
        let client = try APIClient()
        let image = imageJSON(missing: Set(0..<16))
        let conditional = try await client.send(
            .post, "/inpaint", "{\"image\": \(image), \"iterations\": 5}"
        ).json()
        let mean = try await client.send(
            .post, "/inpaint", "{\"image\": \(image), \"iterations\": 5, \"initial\": \"mean\"}"
        ).json()
        #expect(conditional["log_likelihood"]?["initial"]?.double == mean["log_likelihood"]?["initial"]?.double)
    }

    @Test func thePapersStepsAndThoseScaledToTheModelDiffer() async throws {
        let client = try APIClient()
        let body =
            "{\"image\": \(imageJSON(missing: Set(0..<14))), \"method\": \"noisy_gradient\", \"seed\": 1, \"iterations\": 3, "
            + "\"step_size\": "
        let scaled = try await client.send(.post, "/inpaint", body + "\"auto\"}")
        let paper = try await client.send(.post, "/inpaint", body + "\"paper\"}")
        #expect(try scaled.json()["step_size"]?.text == "auto")
        #expect(try paper.json()["step_size"]?.text == "paper")
        #expect(
            try scaled.json()["log_likelihood"]?["final"]?.double != paper.json()["log_likelihood"]?["final"]?.double)
    }
}
