import GradientEstimation
import Projections

extension Compute {
    /// Stochastic gradient descent by each of the estimators asked for.
    ///
    /// - Parameter progress: gets where the descents are at each hundredth of the iterations, and
    ///   ends with the work. At most a hundred elements, so that no reader can hold the work up.
    /// - Throws: `GradientError`; past the deadline the partial result is a `GradientProgress`.
    public func descend(
        _ specification: GradientSpecification, in context: WorkContext = .unlimited,
        progress: ProgressChannel<GradientProgress>? = nil
    ) async throws -> Timed<GradientReport> {
        defer { progress?.finish() }
        let run = Confined { GradientRun(specification) }
        // Short pieces, of which as many go into a slice as its time allows.
        let piece = max(1, min(4096 / specification.batch, 1_000_000 / specification.operationsPerIteration))
        let interval = (specification.iterations + 99) / 100
        return try await perform(from: GradientProgress(specification), in: context) { state, _ in
            let run = try run.value, end = ContinuousClock.now + .milliseconds(1)
            repeat {
                let before = run.iteration
                try run.advance(iterations: min(piece, interval - before % interval))
                if run.iteration > before {
                    state.follow(run)
                    if run.iteration % interval == 0 || run.iteration == specification.iterations {
                        progress?.send(state)
                    }
                }
            } while !run.isFinished && ContinuousClock.now < end
            return run.isFinished ? run.report : nil
        }
    }

    /// The evidence lower bound's gradient by each of the estimators asked for.
    ///
    /// - Throws: `GradientError`; past the deadline the partial result is the number of samples
    ///   drawn, an `Int`.
    public func estimateEvidence(
        _ specification: EvidenceSpecification, in context: WorkContext = .unlimited
    ) async throws -> Timed<EvidenceReport> {
        let run = Confined { EvidenceRun(specification) }
        return try await perform(from: 0, in: context) { samplesDrawn, _ in
            let run = try run.value
            if run.isFinished { return run.report }
            try run.advance(samples: 8192 / specification.dimension)
            samplesDrawn = run.samplesDrawn
            return nil
        }
    }

    /// Projected gradient ascent.
    ///
    /// - Throws: `GradientError`; past the deadline the partial result is the last
    ///   `MaximizationReport.Point`, or nil.
    public func maximize(
        _ specification: MaximizationSpecification, in context: WorkContext = .unlimited
    ) async throws -> Timed<MaximizationReport> {
        let run = Confined { MaximizationRun(specification) }
        let start: MaximizationReport.Point? = nil
        return try await perform(from: start, in: context) { point, _ in
            let run = try run.value
            if run.isFinished { return run.report }
            try run.advance(iterations: 20)
            point = run.point
            return nil
        }
    }

    /// Π_C of a point.
    public func project(
        _ point: [Double], onto constraints: any ConvexSet<Double>,
        in context: WorkContext = .unlimited
    ) async throws -> Timed<[Double]> {
        try await perform(in: context) { _ in constraints.projection(of: point) }
    }
}
