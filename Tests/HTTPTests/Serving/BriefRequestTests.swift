import Glibc
import HTTP
import HTTPFixtures
import HTTPTypes
import Testing
import Threads

extension ServingTests {
    @Suite struct BriefRequestTests {
        /// What is brief is answered on the loop's thread, before and after whatever it waits for.
        @Test func briefRequestsStayOnTheLoop() async throws {
            let threads = Collected<UInt>()
            let paths = ["/brief", "/long", "/brief"], begun = paths.map { _ in Event() }
            var handler = TestHandler.echo
            let echo = handler.answer
            handler.brief = { request in
                threads.append(UInt(pthread_self()))
                return request.path == "/brief"
            }
            handler.answer = { request in
                threads.append(UInt(pthread_self()))
                if let number = Int(request.id) { begun[number].happen() }
                let response = await echo(request)
                threads.append(UInt(pthread_self()))
                return response
            }
            try await withServer(handler) { port in
                let client = try await onThread { Handed(try RawClient(port: port)) }
                for (number, path) in paths.enumerated() {
                    try await onThread {
                        let head =
                            "POST \(path) HTTP/1.1\r\nHost: a\r\nX-Request-ID: \(number)\r\nContent-Length: 6\r\n\r\n"
                        try client.value.send(head + "abc")
                    }
                    await begun[number].wait()
                    try await onThread {
                        try client.value.send("def")
                        #expect(try client.value.reply().text == "abcdef")
                    }
                }
            }
            let seen = threads.all
            try #require(seen.count == 9)
            let loop = seen[0]
            #expect(seen[1...2].allSatisfy { $0 == loop } && seen[6...].allSatisfy { $0 == loop })
            #expect(seen[4] != loop && seen[5] != loop)
        }

        /// A thread without a task that wakes a brief request, as a compute thread does, goes on with it
        /// where the loop's thread waits.
        @Test func aThreadThatWakesABriefRequestAnswersIt() async throws {
            let threads = Collected<[UInt]>()
            var handler = TestHandler.mirror
            handler.brief = { _ in true }
            handler.answer = { request in
                let waking = Collected<UInt>()
                await wokenByAThread { waking.append(UInt(pthread_self())) }
                threads.append(waking.all + [UInt(pthread_self())])
                return .text(request.target)
            }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    // Whether the loop's thread waits already when the other one wakes the task is chance.
                    for _ in 0..<1000 {
                        try client.send(get)
                        #expect(try client.reply().text == "/a\n")
                        if let last = threads.all.last, last[0] == last[1] { break }
                    }
                }
            }
            let last = try #require(threads.all.last)
            #expect(last[0] == last[1])
        }

        /// What another thread has done on the loop counts for the loop's own waits.
        @Test func aConnectionIsIdleFromABriefReplyOn() async throws {
            var handler = TestHandler.mirror
            handler.brief = { _ in true }
            handler.answer = { request in
                await wokenByAThread {}
                return .text(request.target)
            }
            try await withServer(handler) { configuration in
                configuration.idleDeadline = .milliseconds(50)
            } _: { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get)
                    #expect(try client.reply().text == "/a\n")
                    #expect(try client.isClosed())
                }
            }
        }

        /// Whoever answers the last request of a server that is to stop lets the loop know.
        @Test func theLastBriefRequestEndsTheServer() async throws {
            let begun = Event(), isStopping = Event()
            var handler = TestHandler.mirror
            handler.brief = { _ in true }
            handler.answer = { request in
                begun.happen()
                await isStopping.wait()
                await wokenByAThread {}
                return .text(request.target)
            }
            let server = try StoppableServer(handler) { configuration in
                configuration.shutdownGrace = .seconds(3600)
                configuration.halfCloseGrace = .seconds(3600)
            }
            let reply = Task {
                try await onThread {
                    let client = try RawClient(port: server.port)
                    try client.send(get)
                    client.finishSending()
                    return try client.reply().text
                }
            }
            await begun.wait()
            await server.group.triggerGracefulShutdown()
            isStopping.happen()
            #expect(try await reply.value == "/a\n")
            try await server.running.value
        }

        /// While one brief request waits, the loop serves others.
        @Test func aBriefRequestThatWaitsHoldsNobodyUp() async throws {
            let begun = Event(), event = Event()
            var handler = TestHandler.mirror
            handler.brief = { _ in true }
            handler.answer = { request in
                if request.path == "/wait" {
                    begun.happen()
                    await event.wait()
                } else {
                    event.happen()
                }
                return .text(request.target)
            }
            try await withServer(handler) { port in
                let first = try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
                    return Handed(client)
                }
                await begun.wait()
                try await onThread {
                    let second = try RawClient(port: port)
                    try second.send("GET /go HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try second.reply().text == "/go\n")
                    #expect(try first.value.reply().text == "/wait\n")
                }
            }
        }
    }
}

/// Suspends the task until a thread that runs no task resumes it, after `body`.
private func wokenByAThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        do {
            try SystemThread.detach(name: "waker") {
                body()
                continuation.resume()
            }
        } catch {
            Issue.record(error)
            continuation.resume()
        }
    }
}
