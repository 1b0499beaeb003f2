import Statistics
import Synchronization

/// Between a method, which asks for work and waits for it, and the threads, which take units of it and bring outcomes.
final class WorkDesk: Sendable {
    private let given: LimitStateProblem
    let specification: LimitStateSpecification

    private struct State {
        /// What the method waits for.
        var units: [LimitStateUnit] = []
        var handedOut = 0
        var outcomes: [LimitStateUnit.Outcome?] = []
        var missing = 0
        var continuation: CheckedContinuation<[LimitStateUnit.Outcome], any Error>?
        var isAbandoned = false
        var isFinished = false
        var isComplement = false
        var evaluations: UInt64 = 0
        var gradientEvaluations: UInt64 = 0
        var streams: UInt64 = 0
        var progress: [LimitStateProgress] = []
        var report: LimitStateReport?
        var moments: LimitStateMoments?
    }
    private let state = Mutex(State())

    let wantsExact: Bool
    /// The draws of all shards, where the run is to report on them instead of drawing its own.
    let merged: LimitStateMoments?
    /// Those of each shard.
    let shards: [LimitStateMoments]
    /// Whether nobody waits for the answer any more.
    private let isStopped: @Sendable () -> Bool

    init(
        _ problem: LimitStateProblem, _ specification: LimitStateSpecification, wantsExact: Bool,
        merging merged: LimitStateMoments?, of shards: [LimitStateMoments], isStopped: @escaping @Sendable () -> Bool
    ) {
        self.wantsExact = wantsExact
        self.merged = merged
        self.shards = shards
        self.isStopped = isStopped
        given = problem
        self.specification = specification
    }

    /// The method from beginning to end.
    func run() async {
        do {
            // So that whatever follows is done by a thread that performs units.
            _ = try await compute { _ in true }
            let report = try await estimate()
            state.withLock {
                $0.report = report
                $0.isFinished = true
            }
        } catch {
            // Only an abandoned desk throws, and one whose answer nobody waits for.
            state.withLock { $0.isFinished = true }
        }
    }

    // MARK: For the threads

    var isFinished: Bool { state.withLock { $0.isFinished } }
    var report: LimitStateReport? { state.withLock { $0.report } }

    func nextUnit() -> LimitStateUnit? {
        state.withLock { state in
            guard state.handedOut < state.units.count else { return nil }
            defer { state.handedOut += 1 }
            return state.units[state.handedOut]
        }
    }

    /// - Returns: what lets the method go on, once nothing is missing.
    func complete(_ unit: LimitStateUnit, _ outcome: LimitStateUnit.Outcome) -> (() -> Void)? {
        state.withLock { state in
            guard state.outcomes.indices.contains(unit.index), state.outcomes[unit.index] == nil else { return nil }
            state.outcomes[unit.index] = outcome
            state.missing -= 1
            guard state.missing == 0, let continuation = state.continuation else { return nil }
            state.continuation = nil
            let outcomes = state.outcomes.compactMap { $0 }
            state.units = []
            state.outcomes = []
            state.handedOut = 0
            return { continuation.resume(returning: outcomes) }
        }
    }

    func takeProgress() -> [LimitStateProgress] {
        state.withLock { state in
            defer { state.progress = [] }
            return state.progress
        }
    }

    func abandon() {
        let continuation = state.withLock { state in
            state.isAbandoned = true
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(throwing: CancellationError())
    }

    // MARK: For the method

    /// What is evaluated.
    var problem: LimitStateProblem {
        var problem = given
        problem.isComplement = isComplement
        return problem
    }

    /// Whether hits are draws that are not in the event: where it is the common case, the other is easier to sample.
    var isComplement: Bool {
        get { state.withLock { $0.isComplement } }
        set { state.withLock { $0.isComplement = newValue } }
    }

    var evaluations: UInt64 { state.withLock { $0.evaluations } }
    var gradientEvaluations: UInt64 { state.withLock { $0.gradientEvaluations } }

    /// Evaluations that are still allowed.
    var remaining: UInt64 {
        let done = evaluations
        return done < specification.maximumEvaluations ? specification.maximumEvaluations - done : 0
    }

    /// Numbers that a run keeps of its draws at once: weights, directions' values, a level's coordinates.
    static let mostKept: UInt64 = 4_000_000

    /// The most draws that a method keeps something of, which bounds its memory; naive draws are counted only.
    func mostDraws(_ method: LimitStateSpecification.Method) -> UInt64 {
        switch method {
        case .naive, .form: .max
        case .subset:
            Self.mostKept / UInt64(max(problem.inputs.count, 1)) * UInt64(Self.replicates)
        case .auto, .importance, .crossEntropy, .directional: Self.mostKept
        }
    }

    /// Random streams that nobody else has: as many as a draw needs, and some.
    func takeStreams() -> UInt64 {
        state.withLock { state in
            state.streams += 1
            return state.streams << 24
        }
    }

    /// What the draws came to; nil where nobody asked for it.
    var moments: LimitStateMoments? { state.withLock { $0.moments } }

    func note(_ moments: LimitStateMoments) { state.withLock { $0.moments = moments } }

    /// What long work between evaluations looks at every fraction of a millisecond.
    var stop: StopCheck { StopCheck(isStopped) }

    func count(_ evaluations: Int, gradients: Int = 0) {
        state.withLock {
            $0.evaluations += UInt64(evaluations)
            $0.gradientEvaluations += UInt64(gradients)
        }
    }

    func tell(_ stage: LimitStateProgress.Stage, _ estimate: Estimate? = nil) {
        state.withLock {
            $0.progress.append(LimitStateProgress(stage: stage, evaluations: $0.evaluations, estimate: estimate))
        }
    }

    /// Waits until threads have performed all of this; outcomes in order.
    func perform(_ work: [LimitStateUnit.Work]) async throws -> [LimitStateUnit.Outcome] {
        guard !work.isEmpty else { return [] }
        let problem = problem, stop = stop
        try stop.look()
        return try await withCheckedThrowingContinuation { continuation in
            let isAbandoned = state.withLock { state in
                guard !state.isAbandoned else { return true }
                state.units = work.enumerated().map {
                    LimitStateUnit(index: $0, work: $1, problem: problem, stop: stop)
                }
                state.outcomes = Array(repeating: nil, count: work.count)
                state.missing = work.count
                state.handedOut = 0
                state.continuation = continuation
                return false
            }
            if isAbandoned { continuation.resume(throwing: CancellationError()) }
        }
    }

    /// A computation that evaluates nothing, as a unit of its own. One that takes long looks at the check that it is given.
    func compute<Value: Sendable>(_ body: @escaping @Sendable (StopCheck) throws(CancellationError) -> Value)
        async throws -> Value
    {
        let outcomes = try await perform([.compute(body)])
        guard case .computed(let value) = outcomes[0].result, let value = value as? Value else {
            throw CancellationError()
        }
        return value
    }

    /// The safety margins at some points.
    func margins(at points: Points, leniently: Bool = false, isCounted: Bool = true) async throws -> [Double] {
        let outcomes = try await perform(slices(points, gradient: false, leniently: leniently))
        if isCounted { count(points.count) }
        return outcomes.flatMap { outcome -> [Double] in
            guard case .evaluated(let evaluated) = outcome.result else { return [] }
            return evaluated.margins
        }
    }

    /// The safety margins with their gradients in standard normal space; NaN where there are none.
    func gradients(at points: Points) async throws -> [(margin: Double, gradient: [Double])] {
        let outcomes = try await perform(slices(points, gradient: true, leniently: true))
        count(points.count, gradients: points.count)
        return outcomes.flatMap { outcome -> [(margin: Double, gradient: [Double])] in
            guard case .evaluated(let evaluated) = outcome.result else { return [] }
            let d = points.dimension
            return evaluated.margins.enumerated().map { i, margin in
                (margin, Array(evaluated.gradients[i * d..<(i + 1) * d]))
            }
        }
    }

    private func slices(_ points: Points, gradient: Bool, leniently: Bool) -> [LimitStateUnit.Work] {
        let size = problem.pointsPerUnit(gradient: gradient)
        let starts = Array(Swift.stride(from: 0, to: points.count, by: size))
        return starts.map {
            .evaluate(points, $0..<min($0 + size, points.count), gradient: gradient, leniently: leniently)
        }
    }
}
