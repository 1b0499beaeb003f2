import RareEvents

extension Compute {
    /// Estimates the probability of a limit state on all compute threads. The report depends on the problem and the
    /// specification alone, not on which thread did what.
    ///
    /// - Parameters:
    ///   - merged: the moments of all shards, merged, which the run reports on instead of drawing.
    ///   - shards: those of each shard, of which the report then has a report each.
    ///   - progress: gets what is known at fixed counts of work, and ends with it.
    /// - Throws: `LimitStateError`, else `ComputeError`; an interruption's partial result is the last `LimitStateProgress`,
    ///   or nil where there is none.
    public func estimate(
        _ problem: LimitStateProblem, _ specification: LimitStateSpecification,
        merging merged: LimitStateMoments? = nil, of shards: [LimitStateMoments] = [],
        in context: WorkContext = .unlimited, progress: ProgressChannel<LimitStateProgress>? = nil
    ) async throws -> Timed<LimitStateReport> {
        defer { progress?.finish() }
        return try await enqueue(in: context) { token, continuation in
            let run = LimitStateRun(
                problem, specification, merging: merged, of: shards, isStopped: { token.interruption != nil })
            return LimitStateWork(
                run, threads: configuration.threads, token: token, progress: progress, continuation: continuation)
        }
    }
}
