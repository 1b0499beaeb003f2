import API
import APIFixtures
import Fixtures
import Foundation
import HTTPTypes
import Synchronization
import Testing

/// Every endpoint with every field at its bounds and beyond: no request ends the process, and each gets a reply
/// that the contract knows.
///
/// By hand: RIVIERA_SWEEP_COUNT requests of RIVIERA_SWEEP_SEED; over sockets where RIVIERA_SWEEP_SERVER names a
/// server as host:port, whose model has images of RIVIERA_SWEEP_SIDE pixels a side. With RIVIERA_SWEEP_TRACE a
/// folder has, for each worker, the index of the request that was sent last: the one that ended the process.
@Suite struct SweepTests {
    private static func number(_ name: String, _ standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
    }

    private let count = number("RIVIERA_SWEEP_COUNT", 3000)
    private let first = number("RIVIERA_SWEEP_FIRST", 0)
    private let seed = UInt64(number("RIVIERA_SWEEP_SEED", 1))
    private let workers = 8

    /// Limits that keep each request short; what they refuse is a reply, too.
    private static var configuration: APIConfiguration {
        var configuration = APIConfiguration(deadline: .milliseconds(300))
        configuration.streamDeadline = .milliseconds(300)
        configuration.maximumDeadline = .milliseconds(500)
        configuration.ruin = .init(games: 100_000)
        configuration.maximumDraws = 20_000
        configuration.maximumPhotographPixels = 400
        configuration.convolution = ConvolutionLimits(channels: 8, numbers: 4096)
        return configuration
    }

    @Test func everyFieldAtItsBounds() async throws {
        if let server = ProcessInfo.processInfo.environment["RIVIERA_SWEEP_SERVER"] {
            return try sweepSockets(of: server)
        }
        let client = try APIClient(
            configuration: Self.configuration, others: SmallModels.flows() + [SmallModels.photographs()])
        let requests = try await SweepRequests(seed: seed, side: 4, answer: { try await client.send(.get, $0).text })
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    let trace = Trace(worker: worker)
                    for index in stride(from: first + worker, to: first + count, by: workers) {
                        trace.note(index)
                        await judge(requests[index], index, client, tally)
                    }
                }
            }
        }
        tally.report()
    }

    /// A field that is declared and not swept would be swept by nobody.
    @Test func everyDeclaredFieldIsSwept() throws {
        let routes = try SweepRequests(seed: 1, side: 4, shards: [], parts: []).routes
        // Two endpoints have the same constraints.
        let bodies = routes.flatMap(\.bodies).joined()
        for declaration in Declaration.standard where !declaration.path.hasSuffix("/merge") {
            let own = routes.filter { $0.path == declaration.path }
            let text = bodies + own.flatMap(\.query).map { "\"\($0.name)\":" }.joined()
            for name in SweepBounds.names(declaration) {
                #expect(text.contains("\"\(name)\":"), "\(declaration.path) \(name)")
            }
        }
    }

    private func judge(_ request: SweepRequest, _ index: Int, _ client: APIClient, _ tally: Tally) async {
        do {
            let reply = try await client.send(request)
            tally.count(reply.status)
            if let complaint = SweepJudge.complaint(
                of: request, status: reply.status, contentType: reply.headerFields[.contentType],
                body: reply.body)
            {
                Issue.record("\(index): \(complaint)\n\(request)\n\(reply.text.prefix(500))")
            }
        } catch {
            Issue.record("\(index): \(error)\n\(request)")
        }
    }

    private func sweepSockets(of server: String) throws {
        let connection = try SweepSocket(server)
        let side = Self.number("RIVIERA_SWEEP_SIDE", 28)
        let requests = try SweepRequests(
            seed: seed, side: side,
            shards: SweepRequests.shards.map { try connection.send(SweepRequest(target: $0)).text },
            parts: SweepRequests.parts.map { try connection.send(SweepRequest(target: $0)).text })
        let tally = Tally()
        runTogether(workers) { worker in
            for index in stride(from: first + worker, to: first + count, by: workers) {
                let request = requests[index]
                do {
                    let reply = try connection.send(request)
                    tally.count(reply.status)
                    if let complaint = SweepJudge.complaint(
                        of: request, status: reply.status, contentType: reply.contentType, body: reply.body)
                    {
                        Issue.record("\(index): \(complaint)\n\(request)\n\(reply.text.prefix(500))")
                    }
                } catch {
                    Issue.record("\(index): \(error)\n\(request)")
                }
            }
        }
        tally.report()
    }

    /// How many replies had which status.
    private final class Tally: Sendable {
        private let counts = Mutex<[Int: Int]>([:])

        func count(_ status: Int) { counts.withLock { $0[status, default: 0] += 1 } }

        func report() {
            let counts = counts.withLock { $0 }
            // A sweep that is all errors, or all answers, has swept nothing.
            for status in [200, 400, 422] { #expect(counts[status] ?? 0 > 0, "no reply with status \(status)") }
            print("sweep:", counts.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }.joined(separator: " "))
        }
    }

    /// Keeps the index of the request that is being answered in a file.
    private struct Trace {
        let path: String?

        init(worker: Int) {
            path = ProcessInfo.processInfo.environment["RIVIERA_SWEEP_TRACE"].map { "\($0)/worker-\(worker)" }
        }

        func note(_ index: Int) {
            guard let path else { return }
            try? "\(index)\n".write(toFile: path, atomically: false, encoding: .utf8)
        }
    }
}
