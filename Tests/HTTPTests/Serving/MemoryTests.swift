import Glibc
import HTTP
import HTTPFixtures
import HTTPTypes
import Synchronization
import Testing

extension ServingTests {
    /// What clients can make the server hold.
    @Suite struct MemoryTests {
        /// Clients that ask for long streams and read nothing hold a bounded number of bytes each.
        @Test func streamsThatNobodyReadsAreHeldBack() async throws {
            let clients = 60, piece = 64 << 10
            let budget = Mutex<MemoryBudget?>(nil)
            let most = Mutex(0)
            let allStopped = Countdown(clients)
            let handler = TestHandler { _ in
                Response(
                    body: .stream { writer in
                        defer { allStopped.happen() }
                        while true {
                            try await writer.write([UInt8](repeating: 0, count: piece))
                            let used = budget.withLock { $0?.used } ?? .max
                            most.withLock { $0 = max($0, used) }
                        }
                    })
            }
            try await withServer(handler) { configuration in
                configuration.writeDeadline = .milliseconds(500)
            } _: { port, server in
                budget.withLock { $0 = server.memory }
                let waiting = try await onThread {
                    Handed(
                        try (0..<clients).map { _ in
                            let client = try RawClient(port: port)
                            try client.send(get)
                            return client
                        })
                }
                // Each is given up in the end.
                await allStopped.wait()
                for client in waiting.value { client.close() }
            }
            #expect(most.withLock { $0 } <= clients * (256 << 10 + piece))
            #expect(budget.withLock { $0?.used } == 0)
        }

        @Test func aBodyThatDoesNotFitIs503() async throws {
            try await withServer(TestHandler.collecting, { $0.memoryLimit = 1 << 20 }) { port, server in
                try await onThread {
                    let client = try RawClient(port: port)
                    let body = [UInt8](repeating: 1, count: 2 << 20)
                    for framing in [
                        "Content-Length: \(body.count)\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n200000\r\n",
                    ] {
                        let client = try RawClient(port: port)
                        try client.send("POST / HTTP/1.1\r\nHost: a\r\n\(framing)")
                        try client.send(body)
                        let reply = try client.reply()
                        #expect(reply.status == 503)
                        #expect(reply["Retry-After"] == "1")
                    }
                    try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n")
                    try client.send(Array(body[..<500_000]))
                    #expect(try client.reply().text == "500000\n")
                }
            }
        }

        @Test func aReplyThatDoesNotFitIs503() async throws {
            let handler = TestHandler { request in
                Response(body: .bytes([UInt8](repeating: 1, count: Int(request.path.dropFirst()) ?? 0)))
            }
            try await withServer(handler, { $0.memoryLimit = 1 << 20 }) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    for (size, status) in [(1000, 200), (1_000_000, 200), (2_000_000, 503), (1_000_000, 200)] {
                        try client.send("GET /\(size) HTTP/1.1\r\nHost: a\r\n\r\n")
                        let reply = try client.reply()
                        #expect(reply.status == status)
                    }
                }
            }
        }

        /// Clients that hold the budget and do not read are closed when others want it.
        @Test func repliesThatNobodyReadsGiveWay() async throws {
            // Far more than the kernel's buffers hold.
            let size = 64 << 20, body = [UInt8](repeating: 1, count: size)
            let closed = Countdown(3)
            var handler = TestHandler { _ in Response(body: .bytes(body)) }
            handler.record = { if $0.wasCancelled { closed.happen() } }
            try await withServer(handler) { configuration in
                configuration.memoryLimit = 3 * size
                configuration.givesWayAfter = .milliseconds(50)
                configuration.writeDeadline = .seconds(3600)
            } _: { port in
                try await onThread {
                    let stuck = try (0..<3).map { _ in
                        let client = try RawClient(port: port)
                        try client.send(get)
                        #expect(client.hasReply(within: 10_000))
                        return client
                    }
                    var reply: RawClient.Reply
                    repeat {
                        let client = try RawClient(port: port)
                        try client.send(get)
                        reply = try client.reply()
                    } while reply.status == 503
                    #expect(reply.status == 200)
                    #expect(reply.body.count == size)
                    for client in stuck { client.close() }
                }
            }
            await closed.wait()
        }

        /// What a request has reserved is free again when its reply has left, and not before.
        @Test func aReservationLastsUntilTheReplyHasLeft() async throws {
            let size = 16 << 20, limit = 48 << 20
            let replied = Event(), left = Event()
            var handler = TestHandler { request in
                do throws(ProtocolError) {
                    try request.memory.reserve(limit - size)
                } catch {
                    return .text("full", status: error.status)
                }
                if request.path == "/large" { return Response(body: .bytes([UInt8](repeating: 1, count: size))) }
                return .text("room")
            }
            handler.record = { (record: ExchangeRecord) in
                (record.target == "/large" ? left : replied).happen()
            }
            try await withServer(handler, { $0.memoryLimit = limit }) { port, server in
                let slow = try await onThread {
                    let slow = try RawClient(port: port), other = try RawClient(port: port)
                    try slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(slow.hasReply(within: 10_000))
                    try other.send(get)
                    #expect(try other.reply().text == "full\n")
                    return Handed(slow)
                }
                await replied.wait()
                #expect(!left.hasHappened)
                let body = try await onThread { try slow.value.reply().body.count }
                #expect(body == size)
                await left.wait()
                try await onThread {
                    let other = try RawClient(port: port)
                    try other.send(get)
                    #expect(try other.reply().text == "room\n")
                }
            }
        }

        /// Nothing is left counted, however exchanges end.
        @Test func everythingIsGivenBack() async throws {
            let ended = Countdown(4 * 20)
            var handler = TestHandler.collecting
            handler.record = { _ in ended.happen() }
            let budget = try await withServer(handler, { $0.bodyLimit = 1 << 20 }) { port, server in
                try await onThread {
                    for _ in 0..<20 {
                        let messages = [
                            "Content-Length: 5\r\n\r\nhello", "Content-Length: 500000\r\n\r\nhel",
                            "Content-Length: 5000000\r\n\r\nhel",
                            "Transfer-Encoding: chunked\r\n\r\n100\r\nhel",
                        ]
                        for message in messages {
                            let client = try RawClient(port: port)
                            try client.send("POST / HTTP/1.1\r\nHost: a\r\n\(message)")
                            client.finishSending()
                            _ = try client.rest()
                        }
                    }
                }
                await ended.wait()
                return server.memory
            }
            #expect(budget.used == 0)
        }

        @Test func requestsSayWhomTheyComeFrom() async throws {
            let path = "/tmp/http-tests-client-\(getpid()).sock"
            let addresses: [ListenAddress] = [.tcp(host: "127.0.0.1", port: 0), .unix(path: path)]
            let handler = TestHandler { .text("\($0.client.address) \($0.client.connection)") }
            try await withServer(handler, { $0.addresses = addresses }) { port in
                try await onThread {
                    let clients = [try RawClient(port: port), try RawClient(port: port), try RawClient(unixPath: path)]
                    let names = try (clients + clients).map { client in
                        try client.send(get)
                        return try client.reply().text
                    }
                    #expect(Set(names).count == 3)
                    #expect(Array(names[..<3]) == Array(names[3...]))
                    #expect(names[..<2].allSatisfy { $0.hasPrefix("127.0.0.1 ") })
                    #expect(names[2].hasPrefix("unix "))
                    #expect(names.allSatisfy { !$0.hasSuffix(" 0\n") })
                }
            }
            #expect(try Request(target: "/").client == .local)
        }
    }
}

extension TestHandler {
    /// Answers with the length of the body, or with the error that reading it ends in.
    fileprivate static let collecting = TestHandler { request in
        do {
            return .text("\(try await request.body.collect().count)")
        } catch let error as ProtocolError {
            var response = Response.text(error.detail, status: error.status)
            if let seconds = error.retryAfter { response.headerFields[HTTPField.Name("Retry-After")!] = "\(seconds)" }
            return response
        } catch {
            return .text("\(error)", status: .internalServerError)
        }
    }
}
