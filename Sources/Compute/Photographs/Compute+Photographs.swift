import NormalizingFlows

extension Compute {
    /// Fills the missing pixels of a photograph on all compute threads.
    ///
    /// - Parameters:
    ///   - traceEvery: after how many iterations what is known is kept, and told; 0 = never.
    ///   - progress: gets what is known then, and ends with the work.
    /// - Throws: `ComputeError`; an interruption's partial result is a `PatchProgress`. `OutOfMemory`.
    public func fill(
        _ picture: Picture, prior: any PatchPrior, options: PatchAscentOptions, traceEvery: Int = 0,
        in context: WorkContext = .unlimited, progress: ProgressChannel<PatchProgress>? = nil
    ) async throws -> Timed<FilledPicture> {
        defer { progress?.finish() }
        let made = try await perform(in: context) { _ in
            try PatchAscent(of: picture, prior: prior, options: options)
        }
        let done = try await enqueue(in: context) { token, continuation in
            PatchWork(
                made.value, threads: configuration.threads, traceEvery: traceEvery, token: token, progress: progress,
                continuation: continuation)
        }
        return Timed(value: done.value, timing: made.timing + done.timing)
    }
}

/// An ascent at its end.
public struct FilledPicture: Sendable {
    public let ascent: PatchAscent
    /// What was known along the way.
    public let trace: [PatchProgressPoint]
}

/// What is known after an iteration.
public struct PatchProgressPoint: Sendable {
    public let iteration: Int
    /// Mean of log p over patches before the iteration's step, in nats; nil before the first.
    public let logLikelihood: Double?
}
