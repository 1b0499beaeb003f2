import Compute
import RareEvents
import Statistics
import Synchronization
import Testing

@Suite struct ComputeLimitStateTests {
    /// g(x) = offset − Σ x, with nothing but its own code; NaN above `limit`.
    private struct Plane: LimitStateFunction {
        let dimension: Int
        let offset: Double
        var limit = Double.infinity
        var cost: Int { dimension }

        func makeEvaluator(width: Int, gradient: Bool) -> any LimitStateEvaluator { Evaluator(self, width) }

        final class Evaluator: LimitStateEvaluator {
            private let plane: Plane, width: Int
            private let memory: UnsafeMutablePointer<Double>

            init(_ plane: Plane, _ width: Int) {
                (self.plane, self.width) = (plane, width)
                memory = .allocate(capacity: (plane.dimension + 2) * width)
                memory.initialize(repeating: -1, count: (plane.dimension + 2) * width)
            }

            deinit { memory.deallocate() }

            func input(_ j: Int) -> UnsafeMutablePointer<Double> { memory + j * width }

            func evaluate(count: Int) -> UnsafePointer<Double> {
                let values = memory + plane.dimension * width
                for i in 0..<count {
                    var sum = 0.0
                    for j in 0..<plane.dimension { sum += memory[j * width + i] }
                    values[i] = sum > plane.limit ? .nan : plane.offset - sum
                }
                return UnsafePointer(values)
            }

            func derivative(_ j: Int) -> UnsafePointer<Double> { UnsafePointer(memory + (plane.dimension + 1) * width) }
        }
    }

    private func problem(limit: Double = .infinity) throws -> LimitStateProblem {
        try LimitStateProblem(
            Plane(dimension: 3, offset: 6, limit: limit),
            of: try RandomInputs(
                (1...3).map { ("x\($0)", try DistributionFamily.normal.distribution([0, 1])) }))
    }

    private func compute(threads: Int) throws -> Compute {
        try Compute(model: nil, configuration: .init(threads: threads, batch: 8, queue: 64))
    }

    @Test(arguments: LimitStateSpecification.Method.allCases)
    func theReportDoesNotDependOnTheThreads(method: LimitStateSpecification.Method) async throws {
        let specification = try LimitStateSpecification(method: method, maximumEvaluations: 30_000, seed: 5)
        var reports: [LimitStateReport] = [], streams: [[LimitStateProgress]] = []
        for threads in [1, 2, 5] {
            let compute = try compute(threads: threads)
            let progress = ProgressChannel<LimitStateProgress>(), problem = try problem()
            async let report = compute.estimate(problem, specification, progress: progress)
            var lines: [LimitStateProgress] = []
            while let line = await progress.next() { lines.append(line) }
            reports.append(try await report.value)
            streams.append(lines)
            compute.stop()
        }
        #expect(reports.allSatisfy { $0 == reports[0] })
        #expect(streams.allSatisfy { $0 == streams[0] })
        #expect(reports[0].evaluations <= 30_000)
    }

    @Test func aPointWithoutAValueEndsTheRun() async throws {
        let compute = try compute(threads: 2)
        let specification = try LimitStateSpecification(method: .naive, extent: .draws(100_000), seed: 1)
        let error = await #expect(throws: LimitStateError.self) {
            try await compute.estimate(problem(limit: 4), specification)
        }
        guard case .undefined(let point)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(point.reduce(0, +) > 4)
        compute.stop()
    }

    @Test func theServicesEndHandsOverTheLastLine() async throws {
        let compute = try compute(threads: 2), progress = ProgressChannel<LimitStateProgress>()
        let specification = try LimitStateSpecification(
            method: .naive, extent: .draws(100_000_000_000), maximumEvaluations: 1_000_000_000_000, seed: 1)
        let problem = try problem()
        let work = Task { try await compute.estimate(problem, specification, progress: progress) }
        let first = try #require(await progress.next())
        compute.endAll()
        do {
            _ = try await work.value
            Issue.record("the run went on")
        } catch ComputeError.interrupted(let interrupted) {
            let last = try #require(interrupted.partial as? LimitStateProgress)
            #expect(last.evaluations >= first.evaluations)
        }
        compute.stop()
    }

    @Test func whoeverWaitsNoLongerStopsTheWork() async throws {
        let compute = try compute(threads: 2)
        let specification = try LimitStateSpecification(
            method: .naive, extent: .draws(100_000_000_000), maximumEvaluations: 1_000_000_000_000, seed: 1)
        let problem = try problem()
        let task = Task { try await compute.estimate(problem, specification) }
        while compute.workUnderWay == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        compute.stop()
    }
}
