import RareEvents
import Statistics
import Synchronization

extension Compute {
    /// Works out all that a simulation needs before it begins: the exact value, the tilt, the
    /// tables. From a millisecond to seconds.
    ///
    /// - Throws: `InvalidParameter` for what does not fit together.
    public func ruinPlan(
        _ ruin: GamblersRuin, method: RuinPlan.Method, proposal: RuinPlan.Proposal,
        confidence: Double, seed: UInt64, in context: WorkContext = .unlimited
    ) async throws -> Timed<RuinPlan> {
        let made = Shared<RuinPlan?>(nil)
        return try await performPausing(lanes: 1, in: context) { pause in
            let plan = try RuinPlan(
                ruin, method: method, proposal: proposal, confidence: confidence, seed: seed,
                check: pause.check)
            made.state.withLock { $0 = plan }
        } finish: {
            guard let plan = made.state.withLock({ $0 }) else { throw CancellationError() }
            return plan
        }
    }

    /// Plays a run's gamblers on all compute threads. The report depends on the run alone, not on
    /// who played whom.
    ///
    /// - Parameter progress: gets the report of every look (see `RuinRun`), and ends with it.
    /// - Throws: `InvalidParameter` for gamblers who reach the goal in too many different ways; past
    ///   the deadline, with the report on the first gamblers as the partial result
    ///   where there is one.
    public func simulate(
        _ run: RuinRun, in context: WorkContext = .unlimited,
        progress: ProgressChannel<RuinReport>? = nil
    ) async throws -> Timed<RuinReport> {
        let plan = run.plan, shared = Shared(run)
        defer { progress?.finish() }
        return try await performPausing(lanes: run.mostThreads, in: context) {
            shared.state.withLock { $0.moments.gamblers > 0 ? $0.report() : nil }
        } _: { pause in
            while true {
                let (unit, mayFollow) = shared.state.withLock { ($0.nextUnit(), $0.mayHandOut) }
                if let unit {
                    let moments = try plan.simulate(unit, check: pause.check)
                    // Sent under the lock, so that reports go out in the order of their gamblers.
                    try shared.state.withLock { run in
                        for report in run.complete(unit, moments) { progress?.send(report) }
                        try run.moments.requireFewEvents()
                    }
                    try pause.check()
                } else if mayFollow {
                    // Others play the gamblers before the next look.
                    try pause.now()
                } else {
                    return
                }
            }
        } finish: {
            shared.state.withLock { $0.report() }
        }
    }
}

/// State that several lanes share.
private final class Shared<State: Sendable>: Sendable {
    let state: Mutex<State>
    init(_ state: State) { self.state = Mutex(state) }
}
