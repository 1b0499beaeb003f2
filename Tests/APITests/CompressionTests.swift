import API
import APIFixtures
import HTTP
import HTTPTypes
import Testing

/// gzip both ways.
@Suite struct CompressionTests {
    private func get(_ client: APIClient, _ target: String, _ fields: HTTPFields, method: HTTPRequest.Method = .get)
        async throws
        -> APIClient.Reply
    {
        try await client.send(method, target, bytes: [], type: nil, fields: fields)
    }

    /// Every representation, short and long, streamed or not, at once or after work.
    @Test(arguments: [
        "/", "/sample?n=50&seed=1", "/sample?n=1000&seed=1", "/ruin?n=200&k=20&seed=1&format=ndjson",
        "/gradients?seed=1&iterations=100&batch=5", "/gradients?seed=1&iterations=100&batch=5&format=svg",
        "/gradients?seed=1&iterations=100&batch=5&format=csv", "/page/a.js",
    ])
    func theContentIsTheSame(target: String) async throws {
        let script = Array(String(repeating: "export default 1\n", count: 1000).utf8)
        let client = try APIClient(files: PageFiles(["a.js": script]))
        let plain = try await get(client, target, [:])
        let coded = try await get(client, target, [.acceptEncoding: "gzip, deflate, br"])
        #expect(coded.headerFields[.contentEncoding] == "gzip")
        #expect(coded.body.count < plain.body.count)
        #expect(coded.headerFields[.vary]?.contains("Accept-Encoding") == true)
        #expect(
            plain.headerFields[.vary]?.contains("Accept-Encoding") == true
                && plain.headerFields[.contentEncoding] == nil)
        #expect(try await coded.decoded().body == plain.body)
        let head = try await get(client, target, [.acceptEncoding: "gzip"], method: .head)
        #expect(head.headerFields[.contentEncoding] == "gzip" && head.headerFields[.eTag] == coded.headerFields[.eTag])
        #expect(head.headerFields[.contentType] == coded.headerFields[.contentType])
    }

    @Test func picturesAndShortRepliesStayAsTheyAre() async throws {
        let client = try APIClient()
        for target in ["/sample?n=100&seed=1&format=png", "/health/live"] {
            let reply = try await get(client, target, [.acceptEncoding: "gzip"])
            #expect(reply.headerFields[.contentEncoding] == nil)
            #expect(reply.headerFields[.vary]?.contains("Accept-Encoding") != true)
        }
        let judged = try await client.send(
            .post, "/likelihood", bytes: Array(imageJSON().utf8), type: nil, fields: [.acceptEncoding: "gzip"])
        #expect(judged.status == 200 && judged.headerFields[.contentEncoding] == nil)
    }

    @Test func itCanBeSwitchedOff() async throws {
        var configuration = APIConfiguration()
        configuration.isCompressing = false
        let reply = try await get(
            APIClient(configuration: configuration), "/sample?n=50&seed=1", [.acceptEncoding: "gzip"])
        #expect(reply.headerFields[.contentEncoding] == nil && reply.headerFields[.vary] == "Accept")
    }

    /// Bytes that differ have tags that differ; whoever has either has the content.
    @Test(arguments: ["/sample?n=50&seed=1", "/gradients?seed=1&iterations=100&batch=5", "/page/a.js"])
    func tagsTellTheCodingsApart(target: String) async throws {
        let client = try APIClient(files: PageFiles(["a.js": [UInt8](repeating: 32, count: 5000)]))
        let plain = try #require(try await get(client, target, [:]).headerFields[.eTag])
        let coded = try #require(try await get(client, target, [.acceptEncoding: "gzip"]).headerFields[.eTag])
        #expect(plain != coded)
        for tag in [plain, coded] {
            for accept in ["gzip", "identity"] {
                for known in [tag, "W/\(tag)", "\"x\", \(tag)"] {
                    let reply = try await get(client, target, [.acceptEncoding: accept, .ifNoneMatch: known])
                    #expect(reply.status == 304 && reply.body.isEmpty && reply.headerFields[.eTag] == tag)
                    #expect(reply.headerFields[.contentEncoding] == nil)
                    #expect(reply.headerFields[.vary]?.contains("Accept-Encoding") == true)
                }
            }
        }
        #expect(try await get(client, target, [.ifNoneMatch: "*"]).status == 304)
        #expect(try await get(client, target, [.ifNoneMatch: "\"x\""]).status == 200)
    }

    @Test func aCompressedRequestIsTheRequestInIt() async throws {
        let client = try APIClient()
        let body = Array("{\"image\": \(imageJSON(missing: [1, 2])), \"iterations\": 5}".utf8)
        let coded = try #require(Gzip.member(of: body))
        let expected = try await client.send(.post, "/inpaint", bytes: body, type: "application/json")
        for coding in ["gzip", "x-gzip"] {
            let reply = try await client.send(
                .post, "/inpaint", bytes: coded, type: "application/json", fields: [.contentEncoding: coding])
            #expect(reply.body == expected.body)
        }
        let raw = Array(coded.dropFirst(10).dropLast(8))
        let deflated = try await client.send(
            .post, "/inpaint", bytes: raw, type: "application/json", fields: [.contentEncoding: "deflate"])
        #expect(deflated.body == expected.body)
        for (bytes, part) in [
            (Array(coded.dropLast(3)), "breaks off"), (coded + [0], "after its end"), (body, "damaged"),
        ] {
            let reply = try await client.send(
                .post, "/inpaint", bytes: bytes, type: "application/json", fields: [.contentEncoding: "gzip"])
            #expect(reply.status == 400)
            #expect(try reply.json()["detail"]?.text?.contains(part) == true, "\(reply.text)")
        }
    }

    /// Lines are inflated as they come; where the stream is damaged, the last line says so.
    @Test func aStreamOfLinesMayBeCompressed() async throws {
        let client = try APIClient()
        let lines = Array((0..<20).map { _ in "{\"image\": \(imageJSON())}\n" }.joined().utf8)
        let coded = try #require(Gzip.member(of: lines))
        let reply = try await client.send(
            .post, "/likelihood", bytes: coded, type: "application/x-ndjson", fields: [.contentEncoding: "gzip"])
        #expect(reply.status == 200 && reply.lines.count == 20 && Set(reply.lines).count == 1)
        let cut = try await client.send(
            .post, "/likelihood", bytes: Array(coded.dropLast(9)), type: "application/x-ndjson",
            fields: [.contentEncoding: "gzip"])
        #expect(cut.lines.last?.contains("breaks off") == true && cut.lines.last?.contains("\"line\":") == true)
    }
}
