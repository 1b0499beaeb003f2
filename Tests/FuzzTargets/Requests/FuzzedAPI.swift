import API
import APIFixtures
import Threads

/// The API that all requests of a process are put to, with a model of each kind.
final class FuzzedAPI: Sendable {
    private let client: APIClient
    private let declarations: [String: Declaration]
    /// Requests for damage to begin with: each endpoint's example, then some of the sweep for each of its routes.
    let seeds: [SweepRequest]
    let routes: [SweepRequests.Route]

    private static let shared = Result { try FuzzedAPI() }

    static func running() throws(Finding) -> FuzzedAPI {
        do { return try shared.get() } catch { throw Finding("no API: \(error)") }
    }

    private init() throws {
        let client = try APIClient(
            configuration: Self.configuration, others: SmallModels.flows() + [SmallModels.photographs()])
        self.client = client
        declarations = Dictionary(uniqueKeysWithValues: client.application.declarations.map { ($0.path, $0) })
        (seeds, routes) = try Self.waitFor { try await Self.seeds(client) }
    }

    /// Limits that keep each request short; what they refuse is answered, too.
    private static var configuration: APIConfiguration {
        var configuration = APIConfiguration(deadline: .milliseconds(100))
        configuration.streamDeadline = .milliseconds(100)
        configuration.maximumDeadline = .milliseconds(200)
        configuration.ruin = .init(games: 20_000)
        configuration.maximumDraws = 5000
        configuration.maximumEvaluations = 5000
        configuration.maximumPhotographPixels = 400
        configuration.convolution = ConvolutionLimits(channels: 8, numbers: 4096)
        return configuration
    }

    /// How many requests of the sweep are looked at, and how many of a kind are kept.
    private static let candidates = 600, seedsOfKind = 3

    private static func seeds(_ client: APIClient) async throws -> ([SweepRequest], [SweepRequests.Route]) {
        var seeds: [SweepRequest] = []
        try await client.sendExamples { _, request, _ in seeds.append(request) }
        let sweep = try await SweepRequests(seed: 1, side: 4, answer: { try await client.send(.get, $0).text })
        var counts: [String: Int] = [:]
        for index in 0..<candidates {
            let request = sweep[index]
            let kind = "\(request.method) \(request.path) \(request.contentType ?? "")"
            guard counts[kind, default: 0] < seedsOfKind, try await client.send(request).status == 200 else { continue }
            counts[kind, default: 0] += 1
            seeds.append(request)
        }
        return (seeds, sweep.routes)
    }

    /// - Throws: what is undeclared of the answer.
    func answer(to request: SweepRequest) throws(Finding) -> APIClient.Reply {
        do {
            return try Self.waitFor { [client] in try await client.send(request) }
        } catch {
            throw Finding("\(error)")
        }
    }

    /// The declaration of the endpoint at a path.
    func declaration(at path: String) -> Declaration? { declarations[path] }

    /// Blocks until a task is done.
    private static func waitFor<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Monitor<Result<Value, any Error>?>(nil)
        Task.detached {
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            outcome.wakeAll()
        }
        return try outcome.waitUntil { $0.map { .ready($0) } ?? .wait }.get()
    }
}
