import API
import APIFixtures
import Fixtures
import HTTPTypes
import Testing

/// `POST /likelihood` with a model of missing pixels given the known ones.
@Suite struct MissingLikelihoodTests {
    private static let image = imageJSON()
    private static let hole: Set = [5, 6, 9, 10]
    private static let box = "\"missing\":{\"rows\":[1,3],\"columns\":[1,3]}"

    private static func mask(_ missing: (Int) -> Bool) -> String {
        "[" + (0..<16).map { missing($0) ? "0" : "1" }.joined(separator: ",") + "]"
    }

    private func value(_ reply: APIClient.Reply) throws -> Double? { try reply.json()["log_likelihood"]?.double }

    /// However a hole is described, its likelihood is the same.
    @Test func theSameHoleInAllForms() async throws {
        let client = try ModelsTests.client(), target = "/likelihood?model=hole"
        let first = try await client.send(.post, target, "{\"image\":\(Self.image),\(Self.box)}")
        let expected = try #require(try value(first)), json = try first.json()
        #expect(json["missing_pixels"]?.double == 4 && json["model"]?["name"]?.text == "hole")
        let bits = try #require(json["bits_per_dimension"]?.double)
        #expect(abs(bits - (8 - expected / (4 * 0.693147180559945))) < 1e-9)
        let parts = (json["log_prior"]?.double ?? 0) + (json["log_det_jacobian"]?.double ?? 0)
        #expect(abs(parts - expected) < 1e-9)
        let mask = Self.mask { Self.hole.contains($0) }, nulls = imageJSON(missing: Self.hole)
        for body in [
            "{\"image\":\(Self.image),\"mask\":\(mask)}", "{\"image\":\(nulls),\"truth\":\(Self.image)}",
            // What stands in the image for a missing pixel is a start to others; the truth is the truth.
            "{\"image\":\(imageJSON().replacing("0.3125", with: "0.9")),\(Self.box),\"truth\":\(Self.image)}",
            "{\"image\":\(Self.image),\(Self.box),\"model\":\"hole\"}",
        ] {
            #expect(try value(await client.send(.post, target, body)) == expected, "\(body)")
        }
        let query = "\(target)&rows=1:3&columns=1:3"
        #expect(try value(await client.send(.post, query, Self.image)) == expected)
        #expect(try value(await client.send(.post, query, "{\"image\":\(Self.image)}")) == expected)
        let lines = try await client.send(
            .post, target, "{\"image\":\(Self.image),\(Self.box)}\n{\"image\":\(nulls)}", type: "application/x-ndjson")
        #expect(lines.lines.count == 2 && lines.lines[1].contains("\"status\":422"))
        #expect(try JSONReader.read(Array(lines.lines[0].utf8))["log_likelihood"]?.double == expected)
    }

    /// log p(a, b | c) = log p(a | b, c) + log p(b | c) holds of densities; of what a network learned separately it need
    /// not. But a hole's values matter, known pixels matter, and all may be missing.
    @Test func allPixelsMayBeMissing() async throws {
        let client = try ModelsTests.client()
        let all = "{\"image\":\(Self.image),\"mask\":\(Self.mask { _ in true }),\"model\":\"hole\"}"
        let reply = try await client.send(.post, "/likelihood", all)
        #expect(try reply.status == 200 && reply.json()["missing_pixels"]?.double == 16)
        #expect(try value(reply)?.isFinite == true)
    }

    @Test func whatIsKnownMatters() async throws {
        let client = try ModelsTests.client()
        let one = try await client.send(
            .post, "/likelihood", "{\"image\":\(Self.image),\(Self.box),\"model\":\"hole\"}")
        let changed = Self.image.replacing("0.9375", with: "0.1")
        let other = try await client.send(.post, "/likelihood", "{\"image\":\(changed),\(Self.box),\"model\":\"hole\"}")
        #expect(try value(one) != value(other))
    }

    @Test func picturesHaveHolesToo() async throws {
        let client = try ModelsTests.client()
        let picture = try PNG.encode(
            GrayscaleImage(
                size: PNG.Size(width: 4, height: 4), samples: (0..<16).map { Double($0 * 15) / 255 },
                known: [Bool](repeating: true, count: 16)))
        let numbers = "[" + (0..<16).map { "\(Double($0 * 15) / 255)" }.joined(separator: ",") + "]"
        let expected = try value(
            await client.send(.post, "/likelihood?model=hole&rows=1:3&columns=1:3", numbers))
        let reply = try await client.send(
            .post, "/likelihood?model=hole&rows=1:3&columns=1:3", bytes: picture, type: "image/png")
        #expect(try expected != nil && value(reply) == expected)
        let white = try PNG.encode(
            GrayscaleImage(
                size: PNG.Size(width: 4, height: 4), samples: (0..<16).map { Self.hole.contains($0) ? 1 : 0 },
                known: [Bool](repeating: true, count: 16)))
        var body: [UInt8] = []
        for (name, bytes) in [("image", picture), ("mask", white), ("model", Array("hole".utf8))] {
            body +=
                Array("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8) + bytes + [0x0D, 0x0A]
        }
        body += Array("--b--\r\n".utf8)
        let form = try await client.send(
            .post, "/likelihood", bytes: body, type: "multipart/form-data; boundary=b")
        #expect(try form.status == 200 && value(form) == expected)
    }

    @Test(arguments: [
        ("{\"image\":IMAGE}", "/missing"), ("{\"image\":NULLS}", "/image/1/1"),
        ("{\"image\":IMAGE,\"mask\":[1]}", "/mask"), ("{\"image\":NULLS,\"mask\":KNOWN}", "/image/1/1"),
        ("{\"image\":IMAGE,\"missing\":{\"rows\":[1,9]}}", "/missing/rows"),
        ("{\"image\":IMAGE,\"missing\":{\"rows\":[1,2]},\"truth\":[1]}", "/truth"),
        ("{\"image\":IMAGE,\"missing\":{\"rows\":[1,2]},\"iterations\":3}", "/iterations"),
        ("{\"missing\":{\"rows\":[1,2]}}", "/image"),
    ])
    func whatIsWrongIsNamed(body: String, pointer: String) async throws {
        let client = try ModelsTests.client()
        let text = body.replacing("IMAGE", with: Self.image).replacing("NULLS", with: imageJSON(missing: Self.hole))
            .replacing("KNOWN", with: Self.mask { _ in false })
        let reply = try await client.send(.post, "/likelihood?model=hole", text)
        #expect([400, 422].contains(reply.status))
        #expect(try reply.json()["pointer"]?.text == pointer, "\(reply.text)")
    }

    @Test(arguments: [
        "{\"image\":IMAGE,\"mask\":KNOWN}", "{\"image\":IMAGE,\"missing\":{\"rows\":[1,2]}}",
        "{\"image\":IMAGE,\"truth\":IMAGE}",
    ])
    func aModelOfWholeImagesTakesNoHoles(body: String) async throws {
        let client = try ModelsTests.client()
        let text = body.replacing("IMAGE", with: Self.image).replacing("KNOWN", with: Self.mask { _ in false })
        for target in ["/likelihood", "/likelihood?model=flow"] {
            let reply = try await client.send(.post, target, text)
            #expect(try reply.status == 422 && reply.json()["detail"]?.text?.contains("conditional") == true)
        }
        let query = try await client.send(.post, "/likelihood?model=flow&rows=1:2", Self.image)
        #expect(try query.status == 422 && query.json()["parameter"]?.text == "rows")
    }
}
