import HTTP
import HTTPFixtures
import Testing
import Threads

extension ServingTests {
    @Suite struct EventLoopTests {
        /// A connection that has sent many requests at once waits for the others after each of them.
        @Test func pipelinedRequestsDoNotHoldUpOtherConnections() async throws {
            let handled = Collected<String>()
            let isBusy = Event()
            let hasSent = ThreadEvent()
            var handler = TestHandler.mirror
            handler.immediate = { request in
                handled.append(request.path)
                if request.path == "/many" {
                    isBusy.happen()
                    // On the loop's thread: it serves nobody until the other client has sent its request.
                    hasSent.wait()
                    spin(.microseconds(500))
                }
                return .text(request.target)
            }
            let count = 1000
            try await withServer(handler) { port in
                let many = try await onThread {
                    let other = try RawClient(port: port), many = try RawClient(port: port)
                    try many.send(String(repeating: "GET /many HTTP/1.1\r\nHost: a\r\n\r\n", count: count))
                    return Handed((many, other))
                }
                await isBusy.wait()
                try await onThread {
                    let (many, other) = many.value
                    try other.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
                    hasSent.happen()
                    #expect(try other.reply().text == "/other\n")
                    for _ in 0..<count { #expect(try many.reply().text == "/many\n") }
                }
            }
            let position = try #require(handled.all.firstIndex(of: "/other"))
            // Two milliseconds' worth of requests, and some for the way there.
            #expect(position < 20)
        }

        /// However much a client pipelines and however little it reads, its requests wait in the kernel.
        @Test func whatIsPipelinedIsNotReadAhead() async throws {
            let begun = Event(), release = Event()
            let handler = TestHandler { request in
                begun.happen()
                await release.wait()
                return .text(request.target)
            }
            try await withServer(handler) { port, server in
                let client = try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get)
                    return Handed(client)
                }
                await begun.wait()
                try await onThread {
                    let flood = Array(String(repeating: get, count: 1_000_000).utf8)
                    #expect(client.value.sendWithoutWaiting(flood) < flood.count)
                    #expect(server.memory.used < 1 << 20)
                    client.value.close()
                    release.happen()
                }
            }
        }
    }
}

/// Keeps the thread busy, as the making of a reply does.
private func spin(_ duration: Duration) {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {}
}

/// An event for which a thread may wait.
private final class ThreadEvent: Sendable {
    private let hasHappened = Monitor(false)

    func happen() {
        hasHappened.withLock { $0 = true }
        hasHappened.wakeAll()
    }

    func wait() { hasHappened.waitUntil { $0 ? .ready(()) : .wait } }
}
