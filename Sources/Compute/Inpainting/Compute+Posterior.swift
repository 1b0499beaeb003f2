import NormalizingFlows

extension Compute {
    /// The normal distribution of missing pixels given the known ones that `draw` starts from, in steps of about a
    /// millisecond on one thread.
    ///
    /// - Parameter known: true where a pixel is known, D entries.
    /// - Throws: `NotPositiveDefinite` where the weights file's covariance has no inverse in double precision.
    /// - Precondition: `hasConditionalMeans`.
    public func posteriorGaussian(
        known: [Bool], in context: WorkContext = .unlimited
    ) async throws -> Timed<PosteriorGaussian> {
        let model = posteriorModel
        precondition(hasConditionalMeans && known.count == model.nice.dimension)
        return try await perform(from: PosteriorGaussianRun?.none, in: context) { run, resources in
            guard let gaussian = try model.statistics.advanceGaussian(resources) else { return nil }
            if run == nil { run = PosteriorGaussianRun(known: known, in: gaussian) }
            try run?.advance(operations: operationsPerStep)
            return run?.result
        }
    }

    /// Draws of the missing pixels by chains that share the threads with each other and with other work.
    ///
    /// - Parameter progress: gets the run at every point of its trace, and ends with it.
    /// - Throws: `ComputeError`; an interruption's partial result is the `PosteriorRun`, or nil before each chain's first
    ///   evaluation. `NonFiniteValue` where a chain's start leaves the range of single precision.
    public func draw(
        _ run: PosteriorRun, in context: WorkContext = .unlimited, progress: ProgressChannel<PosteriorRun>? = nil
    ) async throws -> Timed<PosteriorRun> {
        let nice = posteriorModel.nice
        precondition(run.specification.image.count == nice.dimension)
        defer { progress?.finish() }
        return try await enqueue(in: context) { token, continuation in
            PosteriorWork(
                run, of: nice, threads: configuration.threads, token: token, progress: progress,
                continuation: continuation)
        }
    }
}

extension LoadedModel {
    /// σ of the noise in the images that the model was trained on (`riviera train --noise`), where black is 0 and white
    /// 1; 0 where the file records none, or no such number.
    public var trainingNoise: Double {
        guard let noise = metadata["noise"].flatMap(Double.init), noise > 0, noise <= 1 else { return 0 }
        return noise
    }
}
