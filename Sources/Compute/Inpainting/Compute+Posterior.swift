import NormalizingFlows

extension Compute {
    /// The normal distribution of missing pixels given the known ones that `draw` starts from, in steps of about a
    /// millisecond on one thread.
    ///
    /// - Parameters:
    ///   - known: true where a pixel is known, D entries.
    ///   - model: nil for the one that the default model's draws are made from.
    /// - Throws: `NotPositiveDefinite` where the weights file's covariance has no inverse in double precision.
    /// - Precondition: the model has conditional means.
    public func posteriorGaussian(
        known: [Bool], by model: LoadedModel? = nil, in context: WorkContext = .unlimited
    ) async throws -> Timed<PosteriorGaussian> {
        let model = model ?? standard.posteriorModel
        precondition(model.hasConditionalMeans && known.count == model.flow.dimension)
        return try await perform(from: PosteriorGaussianRun?.none, in: context) { run, resources in
            guard let gaussian = try model.statistics.advanceGaussian(resources) else { return nil }
            if run == nil { run = PosteriorGaussianRun(known: known, in: gaussian) }
            try run?.advance(operations: operationsPerStep)
            return run?.result
        }
    }

    /// Draws of the missing pixels by chains that share the threads with each other and with other work.
    ///
    /// - Parameters:
    ///   - model: nil for the one that the default model's draws are made from.
    ///   - progress: gets the run at every point of its trace, and ends with it.
    /// - Throws: `ComputeError`; an interruption's partial result is the `PosteriorRun`, or nil before each chain's first
    ///   evaluation. `NonFiniteValue` where a chain's start leaves the range of single precision.
    public func draw(
        _ run: PosteriorRun, by model: LoadedModel? = nil, in context: WorkContext = .unlimited,
        progress: ProgressChannel<PosteriorRun>? = nil
    ) async throws -> Timed<PosteriorRun> {
        let flow = (model ?? standard.posteriorModel).flow
        precondition(run.specification.image.count == flow.dimension && !flow.isConditional)
        defer { progress?.finish() }
        return try await enqueue(in: context) { token, continuation in
            PosteriorWork(
                run, of: flow, threads: configuration.threads, token: token, progress: progress,
                continuation: continuation)
        }
    }
}

extension LoadedModel {
    /// σ of the noise in the images that the model was trained on (`riviera train --noise`), where black is 0 and white
    /// 1; 0 where the file records none, or no such number, or where the model has no density beyond 0…1 as NICE has.
    public var trainingNoise: Double {
        guard flow.flowArchitecture.kind == .nice, let noise = metadata["noise"].flatMap(Double.init), noise > 0,
            noise <= 1
        else { return 0 }
        return noise
    }
}
