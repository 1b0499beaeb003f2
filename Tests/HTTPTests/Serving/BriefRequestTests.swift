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
