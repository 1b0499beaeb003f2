import GradientEstimation
import Projections

extension Compute {
    /// Stochastic gradient descent by each of the problem's estimators.
    ///
    /// - Parameter progress: gets where the descents are at each hundredth of the iterations, and
    ///   ends with the work. At most a hundred elements, so that no reader can hold the work up.
    /// - Throws: `GradientError`; past the deadline the partial result is a `GradientProgress`.
    public func descend(
        _ problem: GradientProblem, drawing: Bool = false,
        in context: WorkContext = .unlimited,
        progress: ProgressChannel<GradientProgress>? = nil
    ) async throws -> Timed<GradientOutcome> {
        defer { progress?.finish() }
        let run = Confined { GradientRun(problem) }
        // Short pieces, of which as many go into a slice as its time allows.
        let piece = max(1, 4096 / problem.batch)
        let interval = (problem.iterations + 99) / 100
        let work = try await perform(from: GradientProgress(problem), in: context) { state, _ in
            let run = run.value, end = ContinuousClock.now + .milliseconds(1)
            repeat {
                let before = run.iteration
                try run.advance(iterations: min(piece, interval - before % interval))
                if run.iteration > before {
                    state.follow(run)
                    if run.iteration % interval == 0 || run.iteration == problem.iterations {
                        progress?.send(state)
                    }
                }
            } while !run.isFinished && ContinuousClock.now < end
            return run.isFinished ? run.report : nil
        }
        guard drawing else {
            return Timed(value: GradientOutcome(report: work.value, figure: nil), timing: work.timing)
        }
        let drawn = try await figure(of: problem, work.value, in: context)
        return Timed(
            value: GradientOutcome(report: work.value, figure: drawn.value),
            timing: work.timing + drawn.timing)
    }

    private func figure(
        of problem: GradientProblem, _ report: GradientReport, in context: WorkContext
    ) async throws -> Timed<String> {
        let figure = Confined { GradientFigure(of: problem, report) }
        return try await perform(from: (), in: context) { _, _ in
            let figure = figure.value
            figure.advance()
            return figure.isFinished ? figure.svg : nil
        }
    }

    /// The evidence lower bound's gradient by each of the problem's estimators.
    ///
    /// - Throws: `GradientError`; past the deadline the partial result is the number of samples
    ///   drawn, an `Int`.
    public func estimateEvidence(
        _ problem: EvidenceProblem, in context: WorkContext = .unlimited
    ) async throws -> Timed<EvidenceReport> {
        let run = Confined { EvidenceRun(problem) }
        return try await perform(from: 0, in: context) { samplesDrawn, _ in
            let run = run.value
            if run.isFinished { return run.report }
            try run.advance(samples: 8192 / problem.dimension)
            samplesDrawn = run.samplesDrawn
            return nil
        }
    }

    /// Projected gradient ascent.
    ///
    /// - Throws: `GradientError`; past the deadline the partial result is the last
    ///   `MaximizationReport.Point`, or nil.
    public func maximize(
        _ problem: MaximizationProblem, drawing: Bool = false,
        in context: WorkContext = .unlimited
    ) async throws -> Timed<MaximizationOutcome> {
        let run = Confined { MaximizationRun(problem) }
        let start: MaximizationReport.Point? = nil
        return try await perform(from: start, in: context) { point, _ in
            let run = run.value
            if !run.isFinished {
                try run.advance(iterations: 20)
                point = run.point
                return nil
            }
            let report = run.report
            return MaximizationOutcome(
                report: report, figure: drawing ? report.figure(of: problem) : nil)
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
