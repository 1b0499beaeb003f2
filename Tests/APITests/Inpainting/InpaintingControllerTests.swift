import API
import APIFixtures
import Testing

@Suite struct InpaintingControllerTests {
    @Test func fillsNullPixelsAndLeavesTheOthersAsTheyWere() async throws {
        let client = try APIClient()
        let reply = try await client.send(
            .post, "/inpaint", "{\"image\": \(imageJSON(missing: [5, 6])), \"iterations\": 20}")
        #expect(reply.status == 200)
        let json = try reply.json()
        let rows = try #require(json["image"]?.elements)
        let pixels = rows.flatMap { $0.elements?.compactMap(\.double) ?? [] }
        #expect(pixels.count == 16)
        for (index, pixel) in pixels.enumerated() where index != 5 && index != 6 {
            #expect(pixel == Double(index) / 16)
        }
        #expect(json["missing_pixels"]?.double == 2)
        #expect(json["iterations"]?.double == 20)
        #expect(reply.headerFields[.contentType] == "application/json")
    }

    @Test func theThreeWaysToSayWhatIsMissingAgree() async throws {
        let client = try APIClient()
        let nulls = try await client.send(
            .post, "/inpaint", "{\"image\": \(imageJSON(missing: [5, 6, 9, 10]))}")
        let boxes = try await client.send(
            .post, "/inpaint",
            "{\"image\": \(imageJSON()), \"missing\": [{\"rows\": [1, 3], \"columns\": [1, 3]}]}")
        let mask = try await client.send(
            .post, "/inpaint",
            "{\"image\": \(imageJSON()), \"mask\": [1,1,1,1,1,0,0,1,1,false,false,true,1,1,1,1]}")
        let query = try await client.send(.post, "/inpaint?rows=1:3&columns=1:3", imageJSON())
        #expect(nulls.status == 200)
        #expect(nulls.text == boxes.text)
        #expect(nulls.text == mask.text)
        #expect(nulls.text == query.text)
    }

    @Test func aSeedGivesTheSameBytes() async throws {
        let client = try APIClient()
        let body =
            "{\"image\": \(imageJSON(missing: [0, 1])), \"initial\": \"noise\", "
            + "\"method\": \"noisy_gradient\", \"iterations\": 9"
        let first = try await client.send(.post, "/inpaint", body + "}")
        let seed = try #require(try first.json()["seed"]?.double)
        let again = try await client.send(.post, "/inpaint", body + ", \"seed\": \(Int(seed))}")
        #expect(first.text == again.text)
        let other = try await client.send(.post, "/inpaint", body + ", \"seed\": 1}")
        #expect(first.text != other.text)
    }

    @Test func returnedPixelsHaveTheReportedLogLikelihood() async throws {
        let client = try APIClient()
        let filled = try await client.send(
            .post, "/inpaint", "{\"image\": \(imageJSON(missing: [3, 4, 5]))}"
        ).json()
        guard case .object(let values)? = filled["log_likelihood"], let image = filled["image"]
        else { throw Problem.malformed("no log-likelihood") }
        let body = String(decoding: JSONWriter.write(image, .line), as: UTF8.self)
        let likelihood = try await client.send(.post, "/likelihood", body).json()
        #expect(values.last?.value.double == likelihood["log_likelihood"]?.double)
    }

    @Test func aStreamOfProgressEndsWithTheObject() async throws {
        let client = try APIClient()
        let body = "{\"image\": \(imageJSON(missing: [3, 4])), \"iterations\": 20, \"trace_every\": 5}"
        let plain = try await client.send(.post, "/inpaint", body)
        let stream = try await client.send(
            .post, "/inpaint", body, accept: "application/x-ndjson")
        #expect(stream.headerFields[.contentType] == "application/x-ndjson")
        #expect(stream.lines.count == 6)
        let last = try JSONReader.read(Array((stream.lines.last ?? "").utf8))
        #expect(JSONWriter.write(last, .page) == plain.body)
        // Each line's image has the log-likelihood that stands beside it.
        for (index, text) in stream.lines.dropLast().enumerated() {
            guard case .object(let fields) = try JSONReader.read(Array(text.utf8)) else { continue }
            let line = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
            #expect(line["iteration"]?.double == Double(5 * index))
            let image = JSONWriter.write(try #require(line["image"]), .line)
            let likelihood = try await client.send(
                .post, "/likelihood", bytes: image, type: "application/json"
            ).json()
            #expect(likelihood["log_likelihood"]?.double == line["log_likelihood"]?.double)
        }
    }

    @Test func linesAreAnsweredOneByOneInOrderWithProblemsAmongThem() async throws {
        let client = try APIClient()
        var lines: [String] = []
        for index in 0..<40 {
            switch index % 4 {
            case 3: lines.append("{\"image\": [1, 2]}")
            default:
                lines.append(
                    "{\"image\": \(imageJSON(missing: [index % 16])), \"iterations\": \(1 + index % 9)}")
            }
        }
        let reply = try await client.send(
            .post, "/inpaint", lines.joined(separator: "\n") + "\n\n", type: "application/x-ndjson")
        #expect(reply.status == 200)
        #expect(reply.lines.count == 40)
        for (index, line) in reply.lines.enumerated() {
            guard case .object(let fields) = try JSONReader.read(Array(line.utf8)) else { continue }
            let value = { (name: String) in fields.first { $0.name == name }?.value.double }
            if index % 4 == 3 {
                #expect(value("status") == 422)
            } else {
                #expect(value("iterations") == Double(1 + index % 9))
                let alone = try await client.send(.post, "/inpaint", lines[index])
                #expect(JSONWriter.write(try JSONReader.read(alone.body), .line) == Array("\(line)\n".utf8))
            }
        }
    }

    @Test func picturesComeAndGo() async throws {
        let client = try APIClient()
        var picture = GrayscaleImage(
            size: PNG.Size(width: 4, height: 4), samples: (0..<16).map { Double($0 * 16) / 255 })
        picture.known[5] = false
        let reply = try await client.send(
            .post, "/inpaint?iterations=10&scale=2", bytes: try PNG.encode(picture),
            type: "image/png", accept: "image/png")
        #expect(reply.status == 200)
        let result = try PNG.decode(reply.body, expecting: PNG.Size(width: 8, height: 8))
        for index in 0..<16 where index != 5 {
            #expect(result.samples[index / 4 * 16 + index % 4 * 2] == Double(index * 16) / 255)
        }
    }

    static let bad: [(body: String, status: Int, culprit: String)] = [
        ("", 400, ""),
        ("{\"image\": [", 400, ""),
        (String(repeating: "[", count: 1_000_000), 400, String(repeating: "/0", count: 64)),
        ("{\"image\": 1e400}", 422, "/image"),
        ("{}", 422, "/image"),
        ("{\"image\": 3}", 422, "/image"),
        ("7", 422, ""),
        ("{\"image\": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,null]}", 422, "/image"),
        ("{\"image\": [[0,0,0,0],[0,0,0],[0,0,0,0],[0,0,0,null]]}", 422, "/image/1"),
        ("{\"image\": [[0,0,0,0],[0,0,0,\"1\"],[0,0,0,0],[0,0,0,null]]}", 422, "/image/1/3"),
        ("{\"image\": [[0,0,0,0],[0,2,0,0],[0,0,0,0],[0,0,0,null]]}", 422, "/image/1/1"),
        ("{\"image\": \(imageJSON())}", 422, "/missing"),
        ("{\"image\": \(imageJSON(missing: [2])), \"mask\": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,0]}", 422, "/image/0/2"),
        ("{\"image\": \(imageJSON(missing: [2])), \"mask\": [1,1,2,1,1,1,1,1,1,1,1,1,1,1,1,0]}", 422, "/mask/2"),
        ("{\"image\": \(imageJSON(missing: [2])), \"initial\": \"given\"}", 422, "/initial"),
        ("{\"image\": \(imageJSON()), \"missing\": {\"rows\": [1, 9]}}", 422, "/missing/rows"),
        ("{\"image\": \(imageJSON()), \"missing\": [{\"rows\": [2, 2]}]}", 422, "/missing/0/rows"),
        ("{\"image\": \(imageJSON()), \"missing\": [{\"row\": [1, 2]}]}", 400, "/missing/0/row"),
        ("{\"image\": \(imageJSON(missing: [2])), \"iterations\": 0}", 422, "/iterations"),
        ("{\"image\": \(imageJSON(missing: [2])), \"iterations\": 2.5}", 422, "/iterations"),
        ("{\"image\": \(imageJSON(missing: [2])), \"iterations\": \"9\"}", 422, "/iterations"),
        ("{\"image\": \(imageJSON(missing: [2])), \"step_size\": -1}", 422, "/step_size"),
        ("{\"image\": \(imageJSON(missing: [2])), \"step_size\": \"big\"}", 422, "/step_size"),
        ("{\"image\": \(imageJSON(missing: [2])), \"tolerance\": -1}", 422, "/tolerance"),
        ("{\"image\": \(imageJSON(missing: [2])), \"method\": \"magic\"}", 422, "/method"),
        ("{\"image\": \(imageJSON(missing: [2])), \"seed\": 9007199254740992}", 422, "/seed"),
        ("{\"image\": \(imageJSON(missing: [2])), \"initial\": 1.5}", 422, "/initial"),
        ("{\"image\": \(imageJSON(missing: [2])), \"truth\": [1]}", 422, "/truth"),
        ("{\"image\": \(imageJSON(missing: [2])), \"iteration\": 3}", 400, "/iteration"),
        ("{\"image\": \(imageJSON(missing: [2])), \"method\": \"posterior\", \"samples\": 65}", 422, "/samples"),
        ("{\"image\": \(imageJSON(missing: [2])), \"initial\": \"conditional\"}", 422, "/initial"),
        ("{\"image\": \(imageJSON(missing: [2])), \"step_size\": \"paper\"}", 422, "/step_size"),
        (
            "{\"image\": \(imageJSON(missing: [2])), \"method\": \"noisy_gradient\", \"step_size\": 1}", 422,
            "/step_size"
        ),
    ]

    @Test(arguments: bad.indices)
    func badBodiesAreRefusedWithTheCulpritsName(index: Int) async throws {
        let (body, status, culprit) = Self.bad[index]
        let reply = try await APIClient().send(.post, "/inpaint", body)
        #expect(reply.status == status, "\(reply.text)")
        #expect(reply.headerFields[.contentType] == "application/problem+json")
        let problem = try reply.json()
        if case .string(let pointer)? = problem["pointer"] {
            #expect(pointer == culprit)
        } else {
            #expect(culprit == "", "\(reply.text)")
        }
        #expect(problem["status"]?.double == Double(status))
    }

    static let badTargets: [(target: String, status: Int, culprit: String)] = [
        ("/inpaint?rows=1:3&rows=1:2", 400, "rows"),
        ("/inpaint?row=1:3", 400, "row"),
        ("/inpaint?rows=1-3", 400, "rows"),
        ("/inpaint?rows=3:1", 422, "rows"),
        ("/inpaint?rows=0:5", 422, "rows"),
        ("/inpaint", 422, "rows"),
        ("/inpaint?rows=1:2&iterations=many", 400, "iterations"),
        ("/inpaint?rows=1:2&iterations=99999", 422, "iterations"),
        ("/inpaint?rows=1:2&scale=3", 422, "scale"),
        ("/inpaint?rows=1:2&deadline=0", 422, "deadline"),
        ("/inpaint?rows=1:2&deadline=soon", 400, "deadline"),
    ]

    @Test(arguments: badTargets.indices)
    func badQueriesAreRefusedWithTheCulpritsName(index: Int) async throws {
        let (target, status, culprit) = Self.badTargets[index]
        let reply = try await APIClient().send(.post, target, imageJSON())
        #expect(reply.status == status, "\(reply.text)")
        guard case .string(let name)? = try reply.json()["parameter"] else {
            Issue.record("no culprit in \(reply.text)")
            return
        }
        #expect(name == culprit)
    }

    @Test func aPassedDeadlineIs504WithWhatWasReached() async throws {
        let client = try APIClient()
        let body = "{\"image\": \(imageJSON(missing: [2, 3, 4])), \"iterations\": 10000}"
        let reply = try await client.send(.post, "/inpaint?deadline=0.004", body)
        guard reply.status == 504 else {
            // A machine that does ten thousand iterations in 4 ms has nothing to show here.
            #expect(reply.status == 200)
            return
        }
        #expect(reply.text.contains("\"partial\""))
    }
}
