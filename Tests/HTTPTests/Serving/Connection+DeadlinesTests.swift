import Glibc
import HTTP
import HTTPFixtures
import Testing

extension ServingTests {
    @Suite struct ConnectionDeadlinesTests {
        @Test func aByteNowAndThenDoesNotHoldAHead() async throws {
            try await withServer(TestHandler.mirror, { $0.headDeadline = .milliseconds(300) }) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    // Until the server closes: it answers before that.
                    for byte in get.utf8.dropLast(5) where !client.hasReply(within: 50) {
                        guard (try? client.send([byte])) != nil else { break }
                    }
                    let reply = try client.reply()
                    #expect(reply.status == 408)
                    #expect(reply["Connection"] == "close")
                }
            }
        }

        @Test func aByteNowAndThenDoesNotHoldABody() async throws {
            try await withServer(TestHandler.echo, { $0.bodyDeadline = .milliseconds(300) }) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
                    for _ in 0..<30 where !client.hasReply(within: 50) {
                        guard (try? client.send([1])) != nil else { break }
                    }
                    #expect(try client.reply().status == 408)
                }
            }
        }

        @Test func anIdleConnectionIsClosedWithoutAWord() async throws {
            try await withServer(TestHandler.mirror, { $0.idleDeadline = .milliseconds(100) }) { port in
                try await onThread {
                    let fresh = try RawClient(port: port)
                    #expect(try fresh.isClosed())
                    let used = try RawClient(port: port)
                    try used.send(get)
                    _ = try used.reply()
                    #expect(try used.isClosed())
                }
            }
        }

        @Test func aHangUpCancelsItsHandlerAndNoOther() async throws {
            let started = Event(), cancelled = Event(), release = Event()
            let records = Collected<ExchangeRecord>()
            var handler = TestHandler { request in
                if request.path == "/other" {
                    await release.wait()
                    return .text("\(Task.isCancelled)")
                }
                started.happen()
                await untilCancelled()
                cancelled.happen()
                return .text("late")
            }
            handler.record = { records.append($0) }
            try await withServer(handler) { port in
                let other = Task {
                    try await onThread {
                        let client = try RawClient(port: port)
                        try client.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
                        return try client.reply().text
                    }
                }
                let client = try await onThread { Handed(try RawClient(port: port)) }
                try client.value.send(get)
                await started.wait()
                client.value.close()
                await cancelled.wait()
                release.happen()
                #expect(try await other.value == "false\n")
            }
            #expect(records.all.contains { $0.target == "/a" && $0.wasCancelled && $0.status == nil })
        }

        @Test func aHalfClosedClientGetsAReplyThatIsReadySoon() async throws {
            var handler = TestHandler.echo
            handler.immediate = { $0.path == "/now" ? .text("now") : nil }
            try await withServer(handler, { $0.halfCloseGrace = .seconds(5) }) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /now HTTP/1.1\r\nHost: a\r\n\r\n"
                    )
                    client.finishSending()
                    #expect(try client.reply().text == "hello")
                    #expect(try client.reply().text == "now\n")
                    #expect(try client.isClosed())
                }
            }
        }

        @Test func aHalfClosedClientIsNotWaitedForForLong() async throws {
            let cancelled = Event()
            let handler = TestHandler { _ in
                await untilCancelled()
                cancelled.happen()
                return .text("late")
            }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get)
                    client.finishSending()
                    #expect(try client.isClosed())
                }
                await cancelled.wait()
            }
        }

        @Test(arguments: [
            "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel",
        ])
        func aRequestThatEndsEarlyIsToldSo(_ request: String) async throws {
            try await withServer(TestHandler.echo) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(request)
                    client.finishSending()
                    #expect(try client.reply().status == 400)
                    #expect(try client.isClosed())
                }
            }
        }
    }
}
