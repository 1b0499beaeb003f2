import API
import APIFixtures
import HTTP
import HTTPTypes
import Synchronization
import Testing

@Suite struct RequestLinesTests {
    private let type = "application/x-ndjson"

    private func line(_ hole: Int) -> String {
        "{\"image\": \(imageJSON(missing: [hole])), \"iterations\": \(hole + 1)}"
    }

    private func fields(_ line: String) throws -> [String: JSON] {
        guard case .object(let fields) = try JSONReader.read(Array(line.utf8)) else { return [:] }
        return Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// The lines before one that is too long are answered, then it is said that nothing more was read.
    @Test(arguments: [true, false])
    func aLineThatIsTooLongIsTheLastOne(isEnded: Bool) async throws {
        let long = "{\"image\": [" + String(repeating: " ", count: 1 << 20) + "]}" + (isEnded ? "\n\(line(1))\n" : "")
        let reply = try await APIClient().send(
            .post, "/inpaint", [line(3), line(5), long].joined(separator: "\n"), type: type)
        #expect(reply.status == 200)
        #expect(reply.lines.count == 3)
        #expect(try fields(reply.lines[0])["iterations"]?.double == 4)
        #expect(try fields(reply.lines[1])["iterations"]?.double == 6)
        let problem = try fields(reply.lines[2])
        #expect(problem["status"]?.double == 413)
        #expect(problem["line"]?.double == 3)
    }

    /// Who says how long a stream may take.
    enum Limit: CaseIterable {
        case request, configuredMost, configuredForStreams, configuredMostOfMore

        var query: String { self == .request ? "?deadline=0.5" : "" }

        var configuration: APIConfiguration {
            var configuration = APIConfiguration()
            if self == .configuredForStreams { configuration.streamDeadline = .milliseconds(500) }
            if self == .configuredMost || self == .configuredMostOfMore {
                configuration.maximumDeadline = .milliseconds(500)
            }
            if self == .configuredMostOfMore { configuration.streamDeadline = .seconds(100_000) }
            return configuration
        }
    }

    /// When a stream's deadline passes, it ends with one problem, whether lines are under way or awaited.
    @Test(arguments: Limit.allCases) func aPassedDeadlineIsTheLastLine(limit: Limit) async throws {
        let client = try APIClient(configuration: limit.configuration)
        let long = "{\"image\": \(imageJSON(missing: [0])), \"iterations\": 10000}"
        let lines = Array(repeating: long, count: 2000).joined(separator: "\n")
        let reply = try await client.send(.post, "/inpaint\(limit.query)", lines, type: type)
        let statuses = try reply.lines.map { try fields($0)["status"]?.double }
        #expect(statuses.last == 504)
        #expect(statuses.count { $0 != nil } == 1)
        #expect(reply.lines.count < 2000)

        // A client that sends one line and then nothing.
        let first = Mutex<[UInt8]?>(Array((line(1) + "\n").utf8))
        let body = RequestBody {
            if let bytes = first.withLock({ bytes in
                defer { bytes = nil }; return bytes
            }) {
                return bytes
            }
            try await Task.sleep(for: .seconds(100_000))
            return nil
        }
        let response = await client.application.respond(
            to: try Request(
                method: .post, target: "/inpaint\(limit.query)", headerFields: [.contentType: type], body: body))
        guard case .stream(let produce) = response.body else {
            Issue.record("no stream")
            return
        }
        let received = Mutex<[UInt8]>([])
        _ = try await produce(ResponseWriter { bytes in received.withLock { $0 += bytes } })
        let last = String(decoding: received.withLock { $0 }, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(last.count <= 2)
        #expect(try fields(try #require(last.last))["status"]?.double == 504)
    }

    @Test func problemsCarryTheirLine() async throws {
        let reply = try await APIClient().send(
            .post, "/inpaint", ["", line(1), "{", "{\"image\": 3}", "", "[]"].joined(separator: "\n"), type: type)
        let problems = try reply.lines.dropFirst().map(fields)
        #expect(problems.map { $0["line"]?.double } == [3, 4, 6])
        #expect(problems.map { $0["status"]?.double } == [400, 422, 422])
        guard case .string(let detail)? = problems[0]["detail"] else {
            Issue.record("no detail")
            return
        }
        #expect(detail.hasPrefix("The line is not JSON"))
    }

    /// Options of the query hold for every line that does not say otherwise.
    @Test func theQueryGivesDefaults() async throws {
        let bare = "{\"image\": \(imageJSON())}"
        let reply = try await APIClient().send(
            .post, "/inpaint?iterations=7&rows=0:1", [bare, line(9)].joined(separator: "\n"), type: type)
        #expect(try reply.lines.map { try fields($0)["iterations"]?.double } == [7, 10])
        #expect(try reply.lines.map { try fields($0)["missing_pixels"]?.double } == [4, 5])
        let wrong = try await APIClient().send(.post, "/inpaint?iteratoins=7", bare, type: type)
        #expect(
            try fields(wrong.lines[0])["parameter"].map { JSONWriter.write($0, .line) }
                == Array("\"iteratoins\"\n".utf8))
    }

    /// Images a line, as objects or bare, are judged and encoded as they are one by one.
    @Test(arguments: ["/likelihood", "/encode"])
    func imagesAreAnsweredLineByLine(path: String) async throws {
        let client = try APIClient()
        let bodies = (1...5).map { number in
            "[" + (0..<16).map { "\(Double($0 % (number + 1)) / 16)" }.joined(separator: ",") + "]"
        }
        let lines = bodies.enumerated().map { $0 % 2 == 0 ? $1 : "{\"image\": \($1)}" }
        let reply = try await client.send(.post, path, (lines + ["{}", "[1]"]).joined(separator: "\n"), type: type)
        #expect(reply.status == 200 && reply.headerFields[.contentType] == "application/x-ndjson")
        #expect(reply.lines.count == 7)
        for (body, line) in zip(bodies, reply.lines) {
            let alone = try await client.send(.post, path, body)
            #expect(alone.body == JSONWriter.write(try JSONReader.read(Array(line.utf8)), .page))
        }
        #expect(try reply.lines.suffix(2).map { try fields($0)["line"]?.double } == [6, 7])
        #expect(try reply.lines.suffix(2).map { try fields($0)["status"]?.double } == [422, 422])
        #expect(try await client.send(.post, "\(path)?x=1", lines[0], type: type).status == 400)
        #expect(try await client.send(.post, path, lines[0], type: type, accept: "application/json").status == 406)
    }

    /// A stream holds memory for the lines that are worked on, however many have come before.
    @Test func memoryDoesNotAddUp() async throws {
        let client = try APIClient(batch: 2)
        let line = Array("{\"image\": \(imageJSON())}\n".utf8)
        let memory = RequestMemory(MemoryBudget(limit: 64 << 10))
        let source = Pieces(Array(repeating: line, count: 2000))
        let request = try Request(
            method: .post, target: "/likelihood", headerFields: [.contentType: type],
            body: RequestBody { await source.next() }, memory: memory)
        guard case .stream(let produce) = await client.application.respond(to: request).body else {
            Issue.record("no stream")
            return
        }
        let received = Pieces([])
        _ = try await produce(ResponseWriter { await received.append($0) })
        let lines = await received.all.split(separator: 10)
        #expect(lines.count == 2000 && Set(lines).count == 1)
    }

    /// Lines come in pieces of any size.
    @Test(arguments: [1, 7, 1000])
    func piecesMakeNoDifference(size: Int) async throws {
        let client = try APIClient()
        let body = Array((0..<5).map(line).joined(separator: "\r\n").utf8)
        let whole = try await client.send(.post, "/inpaint", bytes: body, type: type)
        let pieces = stride(from: 0, to: body.count, by: size).map { Array(body[$0..<min($0 + size, body.count)]) }
        let source = Pieces(pieces)
        let request = try Request(
            method: .post, target: "/inpaint", headerFields: [.contentType: type],
            body: RequestBody { await source.next() })
        guard case .stream(let produce) = await client.application.respond(to: request).body else {
            Issue.record("no stream")
            return
        }
        let received = Pieces([])
        _ = try await produce(ResponseWriter { await received.append($0) })
        #expect(await received.all == whole.body)
    }

    private actor Pieces {
        private var pieces: [[UInt8]]
        init(_ pieces: [[UInt8]]) { self.pieces = pieces }
        func next() -> [UInt8]? { pieces.isEmpty ? nil : pieces.removeFirst() }
        func append(_ piece: [UInt8]) { pieces.append(piece) }
        var all: [UInt8] { pieces.flatMap { $0 } }
    }
}
