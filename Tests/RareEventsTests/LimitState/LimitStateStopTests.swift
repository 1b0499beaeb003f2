import RareEvents
import Statistics
import Synchronization
import Testing

/// Whoever stops a run waits for less than a block of evaluations, wherever the run is.
@Suite struct LimitStateStopTests {
    private final class Counts: Sendable {
        let evaluations = Atomic(0)
        /// Evaluations when the run was first told to stop; −1 before.
        let atStop = Atomic(-1)
        let looks = Atomic(0)
        /// The most looks between two evaluations.
        let idleLooks = Atomic(0)
        private let last = Mutex((evaluations: 0, looks: 0))

        func look() {
            looks.wrappingAdd(1, ordering: .relaxed)
            let now = evaluations.load(ordering: .relaxed)
            let idle = last.withLock { last in
                last = now == last.evaluations ? (now, last.looks + 1) : (now, 1)
                return last.looks
            }
            if idle > idleLooks.load(ordering: .relaxed) { idleLooks.store(idle, ordering: .relaxed) }
        }
    }

    private func problem(_ d: Int, _ counts: Counts) throws -> LimitStateProblem {
        let function = ClosureLimitState(
            d, gradient: { x in (0..<x.count).map { $0 == 0 ? -1 : -0.1 * x[$0] } }
        ) { x in
            counts.evaluations.wrappingAdd(1, ordering: .relaxed)
            return 3 - x[0] - 0.05 * x[1...].reduce(0) { $0 + $1 * $1 }
        }
        return try LimitStateProblem(
            function, of: try RandomInputs((0..<d).map { ("x\($0)", NormalDistribution.standard) }))
    }

    /// Performs units until there are none, or one gives up.
    ///
    /// - Parameter limit: says from the counts whether to stop.
    private func perform(
        _ d: Int, _ method: LimitStateSpecification.Method, stop limit: @escaping @Sendable (Counts) -> Bool
    ) throws -> (counts: Counts, report: LimitStateReport?) {
        let counts = Counts()
        let specification = try LimitStateSpecification(method: method, maximumEvaluations: 20_000, seed: 3)
        let run = LimitStateRun(
            try problem(d, counts), specification,
            isStopped: {
                counts.look()
                let isOver = limit(counts)
                if isOver, counts.atStop.load(ordering: .relaxed) < 0 {
                    counts.atStop.store(counts.evaluations.load(ordering: .relaxed), ordering: .relaxed)
                }
                return isOver
            })
        do {
            while let unit = run.nextUnit() { _ = run.complete(unit, try unit.perform()) }
        } catch is CancellationError {}
        return (counts, run.report())
    }

    @Test(arguments: LimitStateSpecification.Method.allCases, [2, 30])
    func nothingIsEvaluatedAfterTheStop(method: LimitStateSpecification.Method, d: Int) throws {
        let whole = try perform(d, method) { _ in false }
        let all = whole.counts.evaluations.load(ordering: .relaxed), looks = whole.counts.looks.load(ordering: .relaxed)
        #expect(whole.report != nil)
        // Points come in blocks of at most 256, and each block looks.
        #expect(looks >= all / 256)
        for part in 0..<12 {
            let most = looks * part / 12
            let stopped = try perform(d, method) { $0.looks.load(ordering: .relaxed) > most }
            #expect(stopped.report == nil, "\(method) at look \(most) of \(looks)")
            let counts = stopped.counts, at = counts.atStop.load(ordering: .relaxed)
            #expect(at >= 0 && counts.evaluations.load(ordering: .relaxed) == at)
            // Who stops by the evaluations waits for the rest of a block.
            let limit = all * part / 12
            let late = try perform(d, method) { $0.evaluations.load(ordering: .relaxed) > limit }.counts
            #expect(late.evaluations.load(ordering: .relaxed) <= limit + 256)
        }
    }

    /// Work without evaluations looks as well: the union of half-spaces at every draw, a fit at every few points.
    @Test func workBetweenEvaluationsLooksToo() throws {
        for method in [.importance, .crossEntropy, .auto] as [LimitStateSpecification.Method] {
            let counts = try perform(30, method) { _ in false }.counts
            #expect(counts.idleLooks.load(ordering: .relaxed) >= 60, "\(method)")
        }
    }
}
