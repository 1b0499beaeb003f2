import HTTP
import HTTPFixtures
import HTTPTypes
import SeededRandom
import Testing

extension ServingTests {
    @Suite struct ConnectionTests {
        @Test func aRequestIsAnsweredAndTheConnectionKept() async throws {
            try await withServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    for target in ["/a", "/b?x=1", "/c"] {
                        try client.send("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
                        let reply = try client.reply()
                        #expect(reply.status == 200)
                        #expect(reply.text == target + "\n")
                        #expect(reply["Connection"] == nil)
                        #expect(reply["Date"]?.hasSuffix(" GMT") == true)
                    }
                }
            }
        }

        @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
            var handler = TestHandler.mirror
            // Every tenth is there at once, and must wait for the slower ones before it.
            handler.immediate = { $0.path.hasSuffix("0") ? .text($0.target) : nil }
            handler.answer = { request in
                for _ in 0..<(request.path.hasSuffix("1") ? 1000 : 1) { await Task.yield() }
                return .text(request.target)
            }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    let targets = (0..<40).map { "/\($0)" }
                    try client.send(targets.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
                    for target in targets {
                        #expect(try client.reply().text == target + "\n")
                    }
                }
            }
        }

        @Test func nothingIsAnsweredAfterAnError() async throws {
            let handled = Collected<String>()
            var handler = TestHandler.mirror
            handler.immediate = { request in
                handled.append(request.path)
                return nil
            }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get + "GET / HTTP/1.1\r\nHost : a\r\n\r\n" + get + get)
                    #expect(try client.reply().status == 200)
                    let error = try client.reply()
                    #expect(error.status == 400)
                    #expect(error["Connection"] == "close")
                    #expect(try client.isClosed())
                }
            }
            #expect(handled.all == ["/a"])
        }

        @Test func theRequestIDIsEchoedOrMade() async throws {
            try await withServer(TestHandler { .text($0.id) }) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    func id(sending field: String) throws -> String? {
                        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
                        let reply = try client.reply()
                        #expect(reply["X-Request-ID"].map { $0 + "\n" } == reply.text)
                        return reply["X-Request-ID"]
                    }
                    #expect(try id(sending: "X-Request-ID: abc-123\r\n") == "abc-123")
                    let long = String(repeating: "x", count: 128)
                    #expect(try id(sending: "x-request-id: \(long)\r\n") == long)
                    let made = try [
                        "", "X-Request-ID: \(long)x\r\n", "X-Request-ID: a b\r\n", "X-Request-ID: \u{e9}\r\n",
                        "X-Request-ID: a\r\nX-Request-ID: b\r\n",
                    ]
                    .map { try id(sending: $0) ?? "" }
                    #expect(Set(made).count == made.count)
                    #expect(made.allSatisfy { $0.utf8.count == 13 })
                }
            }
        }

        @Test func headHasTheLengthOfGetAndNoBody() async throws {
            try await withServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" + get)
                    let head = try client.reply(isHead: true)
                    #expect(head["Content-Length"] == "5")
                    #expect(try client.reply().text == "/a\n")
                }
            }
        }

        @Test func optionsOfTheServerIsAnsweredByIt() async throws {
            try await withServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n" + get)
                    let reply = try client.reply()
                    #expect(reply.status == 204)
                    #expect(reply["Allow"] != nil)
                    #expect(reply["Content-Length"] == nil)
                    #expect(try client.reply().text == "/a\n")
                }
            }
        }

        @Test(arguments: [
            ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
            ("HTTP/1.1", "Connection: x, CLOSE\r\n", false),
            ("HTTP/1.1", "Connection: x\r\nConnection: Close\r\n", false),
            ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: Keep-Alive\r\n", true),
            ("HTTP/1.0", "Connection: keep-alive, close\r\n", false),
        ])
        func connectionsAreKeptAsTheClientWishes(_ version: String, _ field: String, _ keeps: Bool) async throws {
            try await withServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("GET /1 \(version)\r\nHost: a\r\n\(field)\r\n")
                    let reply = try client.reply()
                    #expect(reply["Connection"] == (keeps ? (version == "HTTP/1.0" ? "keep-alive" : nil) : "close"))
                    if keeps {
                        try client.send(get)
                        #expect(try client.reply().text == "/a\n")
                    } else {
                        #expect(try client.isClosed())
                    }
                }
            }
        }

        @Test func aHandlerCannotSplitAResponse() async throws {
            let handler = TestHandler { _ in
                Response(
                    status: .init(code: 200, reasonPhrase: "OK\r\nX-Evil: 1"),
                    headerFields: [
                        HTTPField.Name("X-Value")!: "a\r\nX-Evil: 1\r\n\r\nHTTP/1.1 200 OK",
                        .contentLength: "3", .transferEncoding: "chunked", .connection: "x", .date: "never",
                    ],
                    body: .bytes(Array("body".utf8))
                )
            }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get + get)
                    for _ in 0..<2 {
                        let reply = try client.reply()
                        #expect(reply["X-Evil"] == nil)
                        #expect(reply.text == "body")
                        #expect(
                            reply.fields.filter { ["content-length", "date"].contains($0.name.lowercased()) }.count == 2
                        )
                        #expect(reply["Transfer-Encoding"] == nil && reply["Connection"] == nil)
                        #expect(reply["Date"] != "never")
                    }
                }
            }
        }

        @Test func aHandlerCanCloseTheConnection() async throws {
            try await withServer(TestHandler { _ in Response(headerFields: [.connection: "Close"]) }) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get + get)
                    #expect(try client.reply()["Connection"] == "close")
                    #expect(try client.isClosed())
                }
            }
        }

        @Test func largeBodiesArriveWholeBothWays() async throws {
            try await withServer(TestHandler.echo, { $0.eventLoops = 3 }) { port in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for seed in 0..<6 {
                        group.addTask {
                            try await onThread {
                                // On a thread of its own, too: the server's handlers need those of Swift's tasks.
                                var generator = SplitMix64(seed: UInt64(seed))
                                let words = (0..<(1 << 17)).map { _ in generator.next() }
                                let body = words.withUnsafeBytes { Array($0) }
                                let client = try RawClient(port: port)
                                try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
                                try client.send(body)
                                #expect(try client.reply().body == body)
                                try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                                var rest = body[...]
                                generator = SplitMix64(seed: UInt64(seed) + 100)
                                while !rest.isEmpty {
                                    let chunk = rest.prefix(Int.random(in: 1...100_000, using: &generator))
                                    try client.send(
                                        Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
                                    )
                                    rest = rest.dropFirst(chunk.count)
                                }
                                try client.send("0\r\n\r\n")
                                #expect(try client.reply().body == body)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        @Test func exchangesAreRecorded() async throws {
            let records = Collected<ExchangeRecord>()
            var handler = TestHandler.echo
            handler.immediate = { $0.path == "/now" ? Response(body: .bytes([1, 2, 3]), route: "/now") : nil }
            handler.record = { records.append($0) }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("GET /now?x HTTP/1.1\r\nHost: a\r\nX-Request-ID: one\r\n\r\n")
                    _ = try client.reply()
                    try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
                    _ = try client.reply()
                    try client.send("BROKEN\r\n\r\n")
                    _ = try client.reply()
                }
            }
            let all = records.all
            #expect(all.map(\.target) == ["/now?x", "/echo", ""])
            #expect(all.map(\.method) == [.get, .post, nil])
            #expect(all.map { $0.status?.code } == [200, 200, 400])
            #expect(all.map(\.route) == ["/now", nil, nil])
            #expect(all.map(\.bytesReceived) == [0, 5, 0])
            #expect(all.prefix(2).map(\.bytesSent) == [3, 5])
            #expect(all.first?.requestID == "one")
            #expect(
                all.allSatisfy { $0.clientAddress.hasPrefix("127.0.0.1:") && !$0.wasCancelled && $0.duration >= .zero })
        }
    }
}
