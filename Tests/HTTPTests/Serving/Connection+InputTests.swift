import Glibc
import HTTP
import HTTPFixtures
import HTTPTypes
import Testing

extension ServingTests {
    @Suite struct ConnectionInputTests {
        @Test func theClientIsToldToGoOnOnlyWhenItsBodyIsWanted() async throws {
            var handler = TestHandler.echo
            handler.immediate = { $0.path == "/no" ? .text("no", status: .forbidden) : nil }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(
                        "POST /yes HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                    #expect(try client.reply().status == 100)
                    try client.send("hello" + get)
                    #expect(try client.reply().text == "hello")
                    #expect(try client.reply().status == 200)
                    // One that does not wait is not told.
                    try client.send(
                        "POST /yes HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello")
                    #expect(try client.reply().text == "hello")
                    // Whether the body of a refused one comes is not known: the connection must close.
                    try client.send("POST /no HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                    let refusal = try client.reply()
                    #expect(refusal.status == 403)
                    #expect(refusal["Connection"] == "close")
                    #expect(try client.isClosed())
                }
            }
        }

        @Test func aBodyThatIsTooLongIsRefusedBeforeItComes() async throws {
            var handler = TestHandler.echo
            handler.limit = { $0.path == "/large" ? 20 : nil }
            try await withServer(handler, { $0.bodyLimit = 10 }) { port in
                try await onThread {
                    for head in [
                        "Content-Length: 11\r\n\r\n", "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n",
                        "Transfer-Encoding: chunked\r\n\r\nb\r\n",
                    ] {
                        let client = try RawClient(port: port)
                        try client.send("POST / HTTP/1.1\r\nHost: a\r\n\(head)")
                        let reply = try client.reply()
                        #expect(reply.status == 413)
                        #expect(reply["Connection"] == "close")
                        #expect(try client.isClosed())
                    }
                    let client = try RawClient(port: port)
                    try client.send("POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world")
                    #expect(try client.reply().text == "hello world")
                }
            }
        }

        @Test func aClientThatSendsOnRegardlessStillReadsItsRefusal() async throws {
            try await withServer(TestHandler.echo) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n")
                    try client.send([UInt8](repeating: 0, count: 20_000_000))
                    #expect(try client.reply().status == 413)
                }
            }
        }

        @Test(arguments: [
            "Content-Length: 28\r\n\r\n\(get)", "Transfer-Encoding: chunked\r\n\r\n1c\r\n\(get)\r\n0\r\n\r\n",
        ])
        func anUnreadBodyIsNeverTheNextRequest(_ message: String) async throws {
            let seen = Collected<String>()
            let handler = TestHandler { request in
                seen.append(request.path)
                return .text(request.path)
            }
            #expect(get.utf8.count == 28)
            try await withServer(handler) { port in
                try await onThread {
                    // All at once, and the body after the reply.
                    for cut in [false, true] {
                        let client = try RawClient(port: port)
                        let whole = "POST /unread HTTP/1.1\r\nHost: a\r\n\(message)"
                        let head = whole.firstRange(of: "\r\n\r\n").map { whole[..<$0.upperBound] } ?? ""
                        try client.send(cut ? String(head) : whole)
                        let reply = try client.reply()
                        #expect(reply.text == "/unread\n")
                        if cut { try client.send(String(whole.dropFirst(head.count))) }
                        if reply["Connection"] == "close" {
                            #expect(try client.isClosed())
                        } else {
                            try client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
                            #expect(try client.reply().text == "/next\n")
                        }
                    }
                }
            }
            #expect(Set(seen.all) == ["/unread", "/next"])
        }

        @Test func anUnreadBodyThatIsLongClosesTheConnection() async throws {
            try await withServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
                    let reply = try client.reply()
                    #expect(reply.status == 200)
                    #expect(reply["Connection"] == "close")
                }
            }
        }

        @Test func aMalformedBodyIsRefusedAndItsHandlerCancelled() async throws {
            let outcome = Collected<String>(), isOver = Event(), begun = Event()
            let handler = TestHandler { request in
                do {
                    begun.happen()
                    return Response(body: .bytes(try await request.body.collect()))
                } catch {
                    outcome.append("\(Task.isCancelled)")
                    isOver.happen()
                    return .text("not sent")
                }
            }
            try await withServer(handler) { port in
                let client = try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(
                        "POST / HTTP/1.1\r\nHost: a\r\nX-Request-ID: me\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
                    return Handed(client)
                }
                await begun.wait()
                try await onThread {
                    let client = client.value
                    try client.send("lo!\r\n")
                    let reply = try client.reply()
                    #expect(reply.status == 400)
                    #expect(reply["X-Request-ID"] == "me")
                    #expect(try client.isClosed())
                }
            }
            // The server does not wait for a handler whose reply nobody wants.
            await isOver.wait()
            #expect(outcome.all == ["true"])
        }

        @Test func aHandlerThatDoesNotReadHoldsTheClientBack() async throws {
            let go = Event()
            let handler = TestHandler { request in
                await go.wait()
                let body = try? await request.body.collect()
                return .text("\(body?.count ?? -1)")
            }
            try await withServer(handler, { $0.bodyLimit = 1 << 30 }) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    let size = 64 << 20
                    try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
                    let body = [UInt8](repeating: 7, count: size)
                    // What both kernels' buffers and the server hold is far less than the body.
                    let held = client.sendWithoutWaiting(body)
                    #expect(held < size / 2)
                    go.happen()
                    try client.send(Array(body[held...]))
                    #expect(try client.reply().text == "\(size)\n")
                }
            }
        }
    }
}
