import NormalizingFlows
import Statistics

extension Compute {
    /// Projected gradient ascent on log p of a model of whole images over the missing pixels, D of which make an image. Shares the
    /// threads with other work.
    ///
    /// - Parameters:
    ///   - model: nil for the default one.
    ///   - progress: gets the run at every point of its trace, and ends with it.
    /// - Throws: `ComputeError`; an interruption's partial result is the `InpaintingRun`, or nil before its
    ///   first evaluation.
    public func inpaint(
        _ run: InpaintingRun, by model: LoadedModel? = nil, in context: WorkContext = .unlimited,
        progress: ProgressChannel<InpaintingRun>? = nil
    ) async throws -> Timed<InpaintingRun> {
        let flow = (model ?? standard.model).flow
        precondition(run.position.count == flow.dimension && !flow.isConditional)
        // Where the work never came into being, nobody else ends its progress.
        defer { progress?.finish() }
        return try await enqueue(in: context) { token, continuation in
            InpaintingWork(run, of: flow, token: token, progress: progress, continuation: continuation)
        }
    }
}
