import NormalizingFlows

extension Compute {
    /// Draws of an image's missing pixels given the known ones by a conditional model, on all threads that have time.
    ///
    /// - Parameters:
    ///   - image: D grey levels from 0 to 1; those of missing pixels do not matter.
    ///   - known: true where a pixel is known, D entries.
    ///   - samples: draws, ≥ 1; draw i is a pure function of (seed, i).
    ///   - reportEvery: how many draws are between two reports; 0 = none.
    ///   - progress: gets the run at every report, and ends with it.
    /// - Throws: `ComputeError`; an interruption's partial result is the `ConditionalDrawRun`, or nil before the first
    ///   draws. `NonFiniteValue` where a draw leaves the range of single precision.
    /// - Precondition: `model` is conditional.
    public func drawMissing(
        of image: [Float], known: [Bool], samples: Int, by model: LoadedModel, in context: WorkContext = .unlimited,
        seed: UInt64, reportEvery: Int = 0, progress: ProgressChannel<ConditionalDrawRun>? = nil
    ) async throws -> Timed<ConditionalDrawRun> {
        guard let flow = model.flow as? ConvolutionalFlow, flow.isConditional else {
            preconditionFailure("only a conditional model draws missing pixels")
        }
        defer { progress?.finish() }
        let run = ConditionalDrawRun(
            flow.model, image: image, known: known, samples: samples, seed: seed, reportEvery: reportEvery)
        return try await enqueue(in: context) { token, continuation in
            ConditionalDrawWork(
                run, of: flow, threads: configuration.threads, token: token, progress: progress,
                continuation: continuation)
        }
    }

    /// The first conditional model of images of `dimension` pixels; nil where there is none.
    public func conditionalModel(dimension: Int) -> ServedModel? {
        models.all.first { $0.model.flow.isConditional && $0.model.flow.dimension == dimension }
    }
}
