import HTTP
import HTTPFixtures
import HTTPTypes
import Testing

extension ServingTests {
    @Suite struct ConnectionOutputTests {
        private static let streaming = TestHandler { request in
            Response(
                body: .stream { writer in
                    for word in ["one ", "two ", "three"] { try await writer.write(Array(word.utf8)) }
                    try await writer.write([])
                    if request.path == "/broken" { throw CancellationError() }
                    return [HTTPField.Name("Server-Timing")!: "compute;dur=1"]
                })
        }

        @Test func streamsAreChunkedWithTrailers() async throws {
            try await withServer(Self.streaming) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get + "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get)
                    let reply = try client.reply()
                    #expect(reply.text == "one two three")
                    #expect(reply["Content-Length"] == nil)
                    #expect(reply.trailers.map { "\($0.name): \($0.value)" } == ["Server-Timing: compute;dur=1"])
                    #expect(try client.reply(isHead: true)["Transfer-Encoding"] == "chunked")
                    #expect(try client.reply().text == "one two three")
                }
            }
        }

        @Test func streamsToHTTP10EndWithTheConnection() async throws {
            try await withServer(Self.streaming) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    let reply = try client.reply()
                    #expect(reply.text == "one two three")
                    #expect(reply["Transfer-Encoding"] == nil)
                    #expect(reply["Connection"] == "close")
                }
            }
        }

        @Test func aBrokenStreamCannotBeTakenForAWholeOne() async throws {
            try await withServer(Self.streaming) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(throws: RawClient.Failure.self) { try client.reply() }
                    let old = try RawClient(port: port)
                    try old.send("GET /broken HTTP/1.0\r\n\r\n")
                    #expect(throws: RawClient.Failure.self) { try old.reply() }
                }
            }
        }

        @Test func bodiesStreamInAndOutAtTheSameTime() async throws {
            let handler = TestHandler { request in
                Response(
                    body: .stream { writer in
                        for try await piece in request.body { try await writer.write(piece) }
                        return [:]
                    })
            }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                    // Each line comes back before the next one is sent.
                    for line in 0..<20 {
                        let text = "line \(line)\n"
                        try client.send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
                        #expect(try client.text(upTo: text).contains(text))
                    }
                    try client.send("0\r\n\r\n")
                    #expect(try client.text(upTo: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
                }
            }
        }

        @Test func aSlowReaderHoldsItsWriterBackAndIsGivenUp() async throws {
            let written = Collected<Int>()
            let stopped = Event()
            let handler = TestHandler { _ in
                Response(
                    body: .stream { writer in
                        defer { stopped.happen() }
                        for _ in 0..<100_000 {
                            try await writer.write([UInt8](repeating: 0, count: 1 << 16))
                            written.append(1)
                        }
                        return [:]
                    })
            }
            try await withServer(handler, { $0.writeDeadline = .milliseconds(300) }) { port in
                let client = try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get)
                    return Handed(client)
                }
                await stopped.wait()
                client.value.close()
            }
            #expect(written.all.count < 10_000)
        }

        @Test func aFloodOfPipelinedRequestsIsTakenAsItsRepliesAreRead() async throws {
            let body = [UInt8](repeating: 120, count: 8000)
            var handler = TestHandler.mirror
            handler.immediate = { _ in Response(body: .bytes(body)) }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    // More bytes than the kernel's buffers hold.
                    let request = "GET /a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 8000))\r\n\r\n"
                    let requests = Array(String(repeating: request, count: 4000).utf8)
                    // The server stops reading when its replies are not read.
                    let taken = client.sendWithoutWaiting(requests)
                    #expect(taken < requests.count)
                    let whole = taken / request.utf8.count
                    for _ in 0..<whole {
                        #expect(try client.reply().body.count == body.count)
                    }
                }
            }
        }
    }
}
