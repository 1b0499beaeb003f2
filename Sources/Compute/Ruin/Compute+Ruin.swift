import RareEvents

extension Compute {
    /// Works out all that a simulation needs before it begins: the exact value, the tilt, the
    /// tables. From a millisecond to seconds.
    ///
    /// - Throws: `InvalidParameter` for parameters that do not go together.
    public func ruinPlan(
        _ ruin: GamblersRuin, method: RuinPlan.Method, proposal: RuinPlan.Proposal,
        confidence: Double, seed: UInt64, in context: WorkContext = .unlimited
    ) async throws -> Timed<RuinPlan> {
        let preparation = try RuinPreparation(
            ruin, method: method, proposal: proposal, confidence: confidence, seed: seed)
        return try await perform(from: preparation, in: context) { preparation, _ in try preparation.advance() }
    }

    /// Plays a run's gamblers on all compute threads. The report depends on the run alone, not on which thread played which of them.
    ///
    /// - Parameter progress: gets the report of every look (see `RuinRun`), and ends with it.
    /// - Throws: `InvalidParameter` for gamblers who reach the goal in too many different ways, else
    ///   `ComputeError`; an interruption's partial result is the `RuinReport` on the first gamblers,
    ///   or nil where no unit of them has ended.
    public func simulate(
        _ run: RuinRun, in context: WorkContext = .unlimited,
        progress: ProgressChannel<RuinReport>? = nil
    ) async throws -> Timed<RuinReport> {
        defer { progress?.finish() }
        return try await enqueue(in: context) { token, continuation in
            RuinWork(
                run, threads: configuration.threads, token: token, progress: progress,
                continuation: continuation)
        }
    }
}
