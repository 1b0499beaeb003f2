import API
import APIFixtures
import Fixtures
import Testing

/// A model that loads and overflows for some inputs: they get a 422 that names what overflowed.
@Suite struct NonFiniteValueTests {
    private static let small = SmallModel(dimension: 16, width: 30).overflowing()
    private static let image = "[\(small.overflowingImage.map { "\($0)" }.joined(separator: ","))]"

    @Test(arguments: ["/likelihood", "/encode"])
    func anImageThatOverflowsIsA422(path: String) async throws {
        let client = try APIClient(of: Self.small, precision: .float32)
        let reply = try await client.send(.post, path, Self.image)
        #expect(reply.status == 422)
        #expect(try reply.json()["detail"]?.text?.contains("coupling.0.mid_block.0.0") == true)
        #expect(try await client.send(.post, path, imageJSON()).status == 200)
    }

    @Test func inpaintingItIsA422InEachForm() async throws {
        let client = try APIClient(of: Self.small, precision: .float32)
        let body =
            "{\"image\": \(Self.image), \"missing\": {\"rows\": [0,1], \"columns\": [0,1]}, \"initial\": \"given\", \"trace_every\": 1}"
        let plain = try await client.send(.post, "/inpaint", body)
        #expect(plain.status == 422)
        for reply in [
            try await client.send(.post, "/inpaint", body, type: "application/x-ndjson"),
            try await client.send(.post, "/inpaint", body, accept: "application/x-ndjson"),
        ] {
            let last = try JSONReader.read(Array((reply.lines.last ?? "").utf8))
            #expect(last["status"]?.double == 422)
            #expect(last["detail"]?.text?.contains("coupling.0.mid_block.0.0") == true)
        }
    }

    @Test func latentsAndTemperaturesThatOverflowAre422s() async throws {
        let client = try APIClient(
            of: SmallModel(dimension: 16, width: 30).replacing("scaling.scale", at: 3, with: -30))
        let latent = "[" + (0..<16).map { $0 == 3 ? "1e6" : "0" }.joined(separator: ",") + "]"
        #expect(try await client.send(.post, "/decode", latent).status == 422)
        for value in ["1e300", "1e6", "-1e300"] {
            let extreme = latent.replacing("1e6", with: value)
            let status = try await client.send(.post, "/decode", extreme).status
            #expect(status == 422, "\(value)")
        }
        for temperature in ["1e300", "100", "5e-324", "0"] {
            let reply = try await client.send(.get, "/sample?n=3&seed=1&temperature=\(temperature)")
            #expect([200, 422].contains(reply.status), "temperature \(temperature)")
        }
    }

    /// Steps that single precision cannot hold would make a number that is none of 0 · ∞.
    @Test(arguments: ["1e300", "1e39", "1e-300", "5e-324", "0", "-1", "1e400"])
    func stepSizesOutsideSinglePrecisionAreRefused(step: String) async throws {
        let client = try APIClient()
        let body = "{\"image\": \(imageJSON(missing: [5])), \"step_size\": \(step)}"
        let reply = try await client.send(.post, "/inpaint", body)
        #expect(reply.status == 422)
    }

    @Test(arguments: ["1e37", "1e-37", "1"])
    func stepSizesAtTheBoundsAreTaken(step: String) async throws {
        let client = try APIClient()
        let body = "{\"image\": \(imageJSON(missing: [5])), \"step_size\": \(step), \"iterations\": 5}"
        #expect(try await client.send(.post, "/inpaint", body).status == 200)
    }
}
