import Foundation
import Glibc
import HTTP
import HTTPTypes
import Testing

extension ServingTests {
    @Suite struct BriefRequestTests {
        /// What is brief is answered on the loop's thread, before and after whatever it waits for.
        @Test func briefRequestsStayOnTheLoop() async throws {
            let threads = Collected<UInt>()
            var handler = TestHandler.echo
            let echo = handler.answer
            handler.brief = { request in
                threads.append(UInt(pthread_self()))
                return request.path == "/brief"
            }
            handler.answer = { request in
                threads.append(UInt(pthread_self()))
                let response = await echo(request)
                try? await Task.sleep(for: .milliseconds(5))
                threads.append(UInt(pthread_self()))
                return response
            }
            try await withServer(handler) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    for path in ["/brief", "/long", "/brief"] {
                        try client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
                        usleep(20_000)
                        try client.send("def")
                        #expect(try client.reply().text == "abcdef")
                    }
                }
            }
            let seen = threads.all
            try #require(seen.count == 9)
            let loop = seen[0]
            #expect(seen[1...2].allSatisfy { $0 == loop } && seen[6...].allSatisfy { $0 == loop })
            #expect(seen[4] != loop && seen[5] != loop)
        }

        /// A thread without a task that wakes a brief request, as a compute thread does, goes on with
        /// it, and the loop knows when the connection has been idle for long enough all the same.
        @Test func whoWakesABriefRequestAnswersIt() async throws {
            let threads = Collected<UInt>()
            var handler = TestHandler.mirror
            handler.brief = { _ in true }
            handler.answer = { request in
                await afterAWhile { threads.append(UInt(pthread_self())) }
                threads.append(UInt(pthread_self()))
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
            let seen = threads.all
            try #require(seen.count == 2)
            #expect(seen[0] == seen[1])
        }

        /// Whoever answers the last request of a server that is to stop lets the loop know.
        @Test func theLastBriefRequestEndsTheServer() async throws {
            let begun = Event(), isStopping = Event()
            var handler = TestHandler.mirror
            handler.brief = { _ in true }
            handler.answer = { request in
                begun.happen()
                await isStopping.wait()
                await afterAWhile {}
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
            let event = Event()
            var handler = TestHandler.mirror
            handler.brief = { _ in true }
            handler.answer = { request in
                if request.path == "/wait" { await event.wait() } else { event.happen() }
                return .text(request.target)
            }
            try await withServer(handler) { port in
                try await onThread {
                    let first = try RawClient(port: port), second = try RawClient(port: port)
                    try first.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
                    usleep(20_000)
                    try second.send("GET /go HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try second.reply().text == "/go\n")
                    #expect(try first.reply().text == "/wait\n")
                }
            }
        }
    }
}

/// Suspends the task until a thread that runs no task resumes it, some time after `body`.
private func afterAWhile(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            usleep(200_000)
            body()
            continuation.resume()
        }
    }
}
