import NormalizingFlows
import Statistics

extension Compute {
    /// Projected gradient ascent on log p over the missing pixels. Takes turns with
    /// other work.
    ///
    /// - Parameter progress: gets the run at every point of its trace, and ends with it.
    public func inpaint(
        _ run: InpaintingRun, in context: WorkContext = .unlimited,
        progress: ProgressChannel<InpaintingRun>? = nil
    ) async throws -> Timed<InpaintingRun> {
        let token = CancellationToken(context), nice = model.nice
        precondition(run.position.count == nice.dimension)
        do {
            return try await cancelling(token) { continuation in
                try self.enqueue(InpaintingRow(
                    run, of: nice, token: token, progress: progress, continuation: continuation))
            }
        } catch {
            progress?.finish()
            throw error
        }
    }
}
