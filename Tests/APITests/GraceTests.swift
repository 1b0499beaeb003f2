import API
import APIFixtures
import HTTP
import HTTPTypes
import Synchronization
import Testing

@Suite struct GraceTests {
    private final class Lines: Sendable {
        let received = Mutex<[String]>([])
    }

    /// A stream's last line is a problem with what had been reached; what comes later is refused.
    @Test(arguments: ["/ruin?n=1000000000000&seed=1", "/gradients?iterations=10000000&every=1000&seed=1"])
    func whenTheGraceIsOverAStreamEndsWithWhatItHasReached(target: String) async throws {
        let client = try APIClient(), lines = Lines()
        let request = try Request(target: target, headerFields: [.accept: "application/x-ndjson"])
        let response = await client.application.respond(to: request)
        guard case .stream(let produce) = response.body else {
            Issue.record("no stream: \(response.status)")
            return
        }
        _ = try await produce(
            ResponseWriter { bytes in
                let isFirst = lines.received.withLock { lines in
                    lines.append(String(decoding: bytes, as: UTF8.self))
                    return lines.count == 1
                }
                if isFirst { client.application.graceEnded() }
            })
        let last = try #require(lines.received.withLock { $0.last })
        let problem = try JSONReader.read(Array(last.utf8))
        #expect(problem["status"]?.double == 503, "\(last)")
        guard case .object? = problem["partial"] else {
            Issue.record("nothing partial in \(last)")
            return
        }
        #expect(try await client.send(.get, target).status == 503)
    }
}
