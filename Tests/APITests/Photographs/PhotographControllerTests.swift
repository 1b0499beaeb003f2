import API
import APIFixtures
import Compute
import Fixtures
import SeededRandom
import Testing

@Suite struct PhotographControllerTests {
    private static func client(maximumPixels: Int = 10_000) throws -> APIClient {
        var configuration = APIConfiguration()
        configuration.maximumPhotographPixels = maximumPixels
        return try APIClient(configuration: configuration, others: [SmallModels.photographs()])
    }

    /// A photograph with a hole of nine pixels, transparent ones.
    private static func photograph(
        rows: Int = 11, columns: Int = 9, channels: Int, depth: Int = 8, isHoled: Bool = true
    ) -> Photograph {
        var generator = SplitMix64(seed: 3)
        let white: UInt16 = depth == 16 ? 65_535 : 255
        let samples = (0..<rows * columns * channels).map { _ in UInt16.random(in: 0...white, using: &generator) }
        var photograph = Photograph(
            size: PNG.Size(width: columns, height: rows), channels: channels, depth: depth, samples: samples)
        guard isHoled else { return photograph }
        for row in 3..<6 {
            for column in 4..<7 { photograph.known[row * columns + column] = false }
        }
        return photograph
    }

    private static func mask(of photograph: Photograph) throws -> [UInt8] {
        let samples = photograph.known.map { UInt16($0 ? 0 : 255) }
        return try PNG.encode(Photograph(size: photograph.size, channels: 1, samples: samples))
    }

    private static func form(_ parts: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        parts.flatMap { name, bytes in
            Array("--x\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8) + bytes + Array("\r\n".utf8)
        } + Array("--x--\r\n".utf8)
    }

    private static let formType = "multipart/form-data; boundary=x"

    /// Whoever sends a photograph to a model of small images learns which model takes it, but not where none would.
    @Test func aPhotographToAnotherModelIsToldWhichTakesIt() async throws {
        let photograph = try PNG.encode(Self.photograph(channels: 1)), client = try Self.client()
        for (path, isTold) in [("/inpaint", true), ("/encode", false)] {
            for (bytes, type) in [(photograph, "image/png"), (Self.form([("image", photograph)]), Self.formType)] {
                let reply = try await client.send(.post, path, bytes: bytes, type: type)
                #expect(reply.status == 422)
                #expect(reply.text.contains("model=photographs") == isTold, "\(reply.text)")
            }
        }
        let reply = try await APIClient().send(.post, "/inpaint", bytes: photograph, type: "image/png")
        #expect(reply.status == 422 && !reply.text.contains("model="), "\(reply.text)")
    }

    @Test(arguments: [1, 3], [8, 16]) func aPictureComesBackInItsOwnKindWithItsHoleFilled(
        channels: Int, depth: Int
    ) async throws {
        let client = try Self.client(), photograph = Self.photograph(channels: channels, depth: depth)
        let reply = try await client.send(
            .post, "/inpaint?model=photographs&seed=1", bytes: try PNG.encode(photograph), type: "image/png",
            accept: "image/png")
        #expect(reply.status == 200)
        let filled = try PNG.decodePhotograph(reply.body, atMost: 1000)
        #expect(filled.channels == channels && filled.depth == depth && filled.size == photograph.size)
        #expect(filled.known.allSatisfy { $0 } && filled.alpha.isEmpty)
        for k in filled.samples.indices where photograph.known[k / channels] {
            #expect(filled.samples[k] == photograph.samples[k])
        }
    }

    @Test func aMaskInAFormSaysTheSameAsTransparency() async throws {
        let client = try Self.client(), holed = Self.photograph(channels: 3)
        var whole = holed
        whole.known = whole.known.map { _ in true }
        let one = try await client.send(
            .post, "/inpaint?model=photographs&seed=1", bytes: try PNG.encode(holed), type: "image/png",
            accept: "image/png")
        let other = try await client.send(
            .post, "/inpaint",
            bytes: Self.form([
                ("image", try PNG.encode(whole)), ("mask", try Self.mask(of: holed)),
                ("model", Array("photographs".utf8)),
                ("seed", Array("1".utf8)),
            ]), type: Self.formType, accept: "image/png")
        #expect(one.status == 200 && other.status == 200)
        #expect(one.body == other.body)
        let boxed = try await client.send(
            .post, "/inpaint?model=photographs&seed=1&rows=3:6&columns=4:7", bytes: try PNG.encode(whole),
            type: "image/png", accept: "image/png")
        #expect(one.body == boxed.body)
    }

    /// Numbers come back as they came; the picture's answer and the numbers' are the same ascent.
    @Test(arguments: [1, 3]) func numbersComeBackAsTheyCame(channels: Int) async throws {
        let client = try Self.client(), photograph = Self.photograph(channels: channels)
        func value(_ k: Int) -> Double { Double(photograph.samples[k]) / 255 }
        let rows = (0..<11).map { row in
            JSON.array(
                (0..<9).map { column in
                    let pixel = 9 * row + column
                    guard photograph.known[pixel] else { return .null }
                    if channels == 1 { return .number(value(pixel)) }
                    return .numbers([value(3 * pixel), value(3 * pixel + 1), value(3 * pixel + 2)])
                })
        }
        let body = JSON.object([
            ("image", .array(rows)), ("model", .string("photographs")), ("seed", .integer(1)),
            ("trace_every", .integer(2)),
        ])
        let reply = try await client.send(
            .post, "/inpaint", String(decoding: JSONWriter.write(body, .line), as: UTF8.self))
        #expect(reply.status == 200)
        let json = try reply.json()
        let found = (json["image"]?.elements ?? []).flatMap { $0.elements ?? [] }
            .flatMap { $0.elements ?? [$0] }.compactMap(\.double)
        #expect(found.count == 99 * channels)
        for k in found.indices where photograph.known[k / channels] { #expect(found[k] == value(k)) }
        #expect(json["missing_pixels"]?.double == 9 && json["iterations"]?.double == 6)
        #expect(json["trace"]?.elements?.count == 3)
        #expect((json["patches"]?.double ?? 0) > 0)
        let picture = try await client.send(
            .post, "/inpaint?model=photographs&seed=1", bytes: try PNG.encode(photograph), type: "image/png",
            accept: "image/png")
        let samples = try PNG.decodePhotograph(picture.body, atMost: 1000).samples
        for k in found.indices { #expect(abs(found[k] * 255 - Double(samples[k])) <= 0.5001) }
    }

    @Test func aStreamShowsPreviewsAndEndsWithThePicture() async throws {
        let client = try Self.client(), photograph = Self.photograph(channels: 3)
        let reply = try await client.send(
            .post, "/inpaint?model=photographs&seed=1&trace_every=3", bytes: try PNG.encode(photograph),
            type: "image/png", accept: "application/x-ndjson")
        #expect(reply.lines.count == 3)
        let lines = try reply.lines.map { try JSONReader.read(Array($0.utf8)) }
        #expect(lines[0]["iteration"]?.double == 3 && lines[1]["iteration"]?.double == 6)
        let preview = try #require(lines[0]["preview"]?.text.flatMap(Base64.png))
        #expect(try PNG.decodePhotograph(preview, atMost: 1000).size == photograph.size)
        let image = try #require(lines[2]["image"]?.text.flatMap(Base64.png))
        let direct = try await client.send(
            .post, "/inpaint?model=photographs&seed=1", bytes: try PNG.encode(photograph), type: "image/png",
            accept: "image/png")
        #expect(image == direct.body)
    }

    /// Of flat and of random pictures some end below their start.
    @Test func aResultBelowItsStartSaysSo() async throws {
        let client = try Self.client()
        var found: Set<Bool> = []
        for level in ["0", "0.5", "1"] {
            for seed in 1...4 {
                let rows = (0..<9).map { row in
                    "["
                        + (0..<9).map { (3..<6).contains(row) && (3..<6).contains($0) ? "null" : level }.joined(
                            separator: ",")
                        + "]"
                }
                let json = try await client.send(
                    .post, "/inpaint?model=photographs&seed=\(seed)", "[\(rows.joined(separator: ","))]"
                ).json()
                let initial = try #require(json["log_likelihood"]?["initial"]?.double)
                let final = try #require(json["log_likelihood"]?["final"]?.double)
                #expect((json["warning"]?.text?.contains("below its start's") == true) == (final < initial))
                found.insert(final < initial)
            }
        }
        #expect(!found.isEmpty)
    }

    @Test func theTruthGivesAFigure() async throws {
        let client = try Self.client(), holed = Self.photograph(channels: 3)
        var whole = holed
        whole.known = whole.known.map { _ in true }
        let parts = [("image", try PNG.encode(holed)), ("truth", try PNG.encode(whole))]
        let reply = try await client.send(
            .post, "/inpaint?model=photographs&seed=1", bytes: Self.form(parts), type: Self.formType)
        #expect(reply.status == 200)
        let psnr = try #require(try reply.json()["psnr"]?.double)
        #expect(0..<40 ~= psnr)
    }

    @Test func theSameSeedGivesTheSameBytesAndTheChosenOneIsTold() async throws {
        let client = try Self.client(), bytes = try PNG.encode(Self.photograph(channels: 1))
        let first = try await client.send(.post, "/inpaint?model=photographs", bytes: bytes, type: "image/png")
        let seed = try #require(try first.json()["seed"]?.double)
        let again = try await client.send(
            .post, "/inpaint?model=photographs&seed=\(Int(seed))", bytes: bytes, type: "image/png")
        #expect(first.text == again.text)
    }

    @Test func whatCannotBeFilledIsSaidByName() async throws {
        let client = try Self.client(maximumPixels: 99)
        let holed = try PNG.encode(Self.photograph(channels: 1))
        var empty = Self.photograph(channels: 1)
        empty.known = empty.known.map { _ in false }
        let cases: [(bytes: [UInt8], query: String, status: Int, words: String)] = [
            (try PNG.encode(Self.photograph(channels: 1, isHoled: false)), "", 422, "No pixel is missing"),
            (try PNG.encode(empty), "", 422, "Every pixel is missing"),
            (try PNG.encode(Self.photograph(rows: 10, columns: 10, channels: 1)), "", 422, "at most 99 are taken"),
            (Array(holed.dropLast(20)), "", 400, "cut off"),
            (holed, "&method=noisy_gradient", 422, "leave “method” out"),
            (holed, "&initial=noise", 422, "leave “initial” out"),
            (holed, "&step_size=0.1", 422, "leave “step_size” out"),
            (holed, "&samples=3", 422, "leave “samples” out"),
            (holed, "&scale=2", 422, "leave “scale” out"),
            (holed, "&rows=3:12", 422, "must lie within"),
            (holed, "&iteration=3", 400, "Did you mean “iterations”?"),
        ]
        for (bytes, query, status, words) in cases {
            let reply = try await client.send(
                .post, "/inpaint?model=photographs\(query)", bytes: bytes, type: "image/png")
            #expect(reply.status == status && reply.text.contains(words), "\(query): \(reply.text)")
        }
        let text = "{\"model\": \"photographs\", \"image\": "
        for (image, pointer) in [
            ("[[0.5, null], [0.5]]", "/image/1"), ("[[0.5, 2]]", "/image/0/1"), ("[[[0, 0, 0], [0, 0]]]", "/image/0/1"),
            ("[[[0, 0, 0], [0, 0, -1]]]", "/image/0/1/2"), ("[]", "/image"), ("[[]]", "/image"), ("0.5", "/image"),
            ("[[null, null]]", "/missing"),
        ] {
            let reply = try await client.send(.post, "/inpaint", text + image + "}")
            #expect(
                reply.status == 422 && reply.text.contains("\"pointer\": \"\(pointer)\""), "\(image): \(reply.text)")
        }
    }

    @Test func otherEndpointsRefuseAModelOfPatches() async throws {
        let client = try Self.client()
        for (target, body) in [
            ("/likelihood", "{\"model\": \"photographs\", \"image\": [[0.5]]}"),
            ("/decode", "{\"model\": \"photographs\", \"latent\": [0.5]}"),
        ] {
            let reply = try await client.send(.post, target, body)
            #expect(reply.status == 422 && reply.text.contains("patches"))
        }
        #expect(try await client.send(.get, "/sample?n=1&seed=1&model=photographs").status == 422)
        let models = try await client.send(.get, "/models")
        #expect(models.status == 200 && models.text.contains("\"kind\": \"patches\""))
        #expect(try await client.send(.get, "/model?model=photographs").status == 200)
    }

    @Test func aPictureOfOnePixelAndOneSmallerThanAPatchAreSeenTo() async throws {
        let client = try Self.client()
        let tiny = try await client.send(.post, "/inpaint?model=photographs&seed=1", "[[0.25, null]]")
        #expect(tiny.status == 200)
        let row = try #require(try tiny.json()["image"]?.elements?.first?.elements?.compactMap(\.double))
        #expect(row.count == 2 && row[0] == 0.25 && 0...1 ~= row[1])
        let one = try await client.send(.post, "/inpaint?model=photographs&seed=1", "[[0.25]]")
        #expect(one.status == 422 && one.text.contains("No pixel is missing"))
    }
}
