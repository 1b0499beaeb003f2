import Glibc
import HTTP
import HTTPFixtures
import HTTPTypes
import Testing

extension ServingTests {
    @Suite struct EventLoopShutdownTests {
        @Test func aGracefulShutdownFinishesWhatRuns() async throws {
            let started = Event(), release = Event()
            let handler = TestHandler { _ in
                started.happen()
                await release.wait()
                return .text("done")
            }
            let server = try StoppableServer(handler), port = server.port
            let idle = try await onThread { Handed(try RawClient(port: port)) }
            let reply = Task {
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get)
                    let reply = try client.reply()
                    return (reply.text, reply["Connection"], try client.isClosed())
                }
            }
            await started.wait()
            await server.group.triggerGracefulShutdown()
            #expect(try await onThread { try idle.value.isClosed() })
            while (try? await onThread { Handed(try RawClient(port: port)) }) != nil {}
            release.happen()
            let (text, connection, isClosed) = try await reply.value
            #expect(text == "done\n")
            #expect(connection == "close")
            #expect(isClosed)
            try await server.running.value
            #expect(server.server.boundAddresses.isEmpty)
        }

        /// What has been sent before a client could know of the shutdown is answered: by new connections
        /// until they are refused, and by kept ones until a reply says that the connection closes.
        @Test(arguments: 1...4)
        func noRequestIsLost(_ round: Int) async throws {
            let server = try StoppableServer(TestHandler.mirror) { $0.shutdownDelay = .milliseconds(200) }
            let port = server.port
            let begun = Countdown(6 * 50)
            let lost = Collected<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    let keepsConnection = number % 2 == 0
                    group.addTask {
                        try await onThread {
                            var kept: RawClient?
                            var count = 0
                            // A refused connection is no lost request: the client knows that nobody has it.
                            while let client = try kept ?? RawClient.ifAccepted(port: port) {
                                do {
                                    try client.send(get)
                                    let reply = try client.reply()
                                    if reply.text != "/a\n" { lost.append("\(reply)") }
                                    kept = keepsConnection && reply["Connection"] != "close" ? client : nil
                                } catch {
                                    lost.append("request \(count) of client \(number): \(error)")
                                    kept = nil
                                }
                                count += 1
                                begun.happen()
                            }
                        }
                    }
                }
                await begun.wait()
                await server.group.triggerGracefulShutdown()
                try await group.waitForAll()
            }
            try await server.running.value
            #expect(lost.all == [])
        }

        @Test func idleAndServedClientsThatStayDoNotHoldUpTheEnd() async throws {
            let started = Event(), release = Event()
            let handler = TestHandler { request in
                if request.path == "/a" {
                    started.happen()
                    await release.wait()
                }
                return .text("done")
            }
            let server = try StoppableServer(handler) { configuration in
                configuration.idleDeadline = .seconds(3600)
                configuration.lingerDeadline = .seconds(3600)
                configuration.shutdownGrace = .seconds(3600)
            }
            let port = server.port
            let clients = try await onThread {
                let idle = try RawClient(port: port), kept = try RawClient(port: port), busy = try RawClient(port: port)
                try kept.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try kept.reply()
                try busy.send(get)
                return Handed([idle, kept, busy])
            }
            await started.wait()
            await server.group.triggerGracefulShutdown()
            release.happen()
            try await server.running.value
            for client in clients.value { client.close() }
        }

        @Test(arguments: [true, false])
        func theEndOfTheGraceIsToldAndItsRepliesAreSent(_ isForced: Bool) async throws {
            let started = Countdown(2), isOver = Event()
            let grace = Countdown(1)
            var handler = TestHandler { request in
                if request.path == "/stream" {
                    return Response(
                        body: .stream { writer in
                            try await writer.write(Array("first\n".utf8))
                            started.happen()
                            await isOver.wait()
                            try await writer.write(Array("last\n".utf8))
                            return [:]
                        })
                }
                started.happen()
                await isOver.wait()
                return .text("partial", status: .serviceUnavailable)
            }
            handler.grace = {
                grace.happen()
                isOver.happen()
            }
            let log = RecordedLog()
            let server = try StoppableServer(handler, logger: log.logger) {
                $0.shutdownGrace = isForced ? .seconds(3600) : .milliseconds(50)
            }
            let port = server.port
            let clients = try await onThread {
                let clients = [try RawClient(port: port), try RawClient(port: port)]
                try clients[0].send(get)
                try clients[1].send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
                return Handed(clients)
            }
            await started.wait()
            await server.group.triggerGracefulShutdown()
            if isForced { server.server.endGrace() }
            try await onThread {
                let reply = try clients.value[0].reply()
                #expect(reply.status == 503)
                #expect(reply.text == "partial\n")
                #expect(try clients.value[1].reply().text == "first\nlast\n")
            }
            try await server.running.value
            await grace.wait()
            // An operator who has ended it himself is not told that time ran out.
            #expect(log.messages.contains { $0.hasPrefix("a second signal ended the grace period") } == isForced)
            #expect(log.messages.contains { $0.hasPrefix("the grace period is over") } != isForced)
        }

        @Test func whatDoesNotHearOfTheEndOfTheGraceIsCutOff() async throws {
            let started = Event(), cancelled = Event()
            let handler = TestHandler { _ in
                started.happen()
                await untilCancelled()
                cancelled.happen()
                return .text("late")
            }
            let server = try StoppableServer(handler) { configuration in
                configuration.shutdownGrace = .zero
                configuration.lastReplyTime = .zero
            }
            let port = server.port
            let client = try await onThread {
                let client = try RawClient(port: port)
                try client.send(get)
                return Handed(client)
            }
            await started.wait()
            await server.group.triggerGracefulShutdown()
            try await server.running.value
            await cancelled.wait()
            client.value.close()
        }
    }
}
