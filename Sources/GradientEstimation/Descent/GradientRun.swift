import Statistics

/// Descents by all the estimators of a specification: `advance` until `isFinished`, then take the report.
///
/// Deterministic in the specification alone: neither the steps that it is advanced by nor the
/// threads it is lent change a bit. For one caller at a time.
public final class GradientRun {
    public let specification: GradientSpecification

    private let descents: [Descent]
    private let search: OptimumSearch
    /// Of each estimator at the start, then of each at the optimum, if there is one.
    private var examinations: [Examination] = []

    /// ε of the batches that the descents are at, and of those that come next: the next are
    /// drawn while the present ones are used.
    private let slices: [Slice]
    private var present = 0
    private var batchesDrawn = 0
    private let batchesPerSlice: Int

    private final class Slice {
        let draws: Scratch
        var batches: Range<Int> = 0..<0

        init(width: Int) { draws = Scratch(blocks: 1, width: width) }
    }

    public init(_ specification: GradientSpecification) {
        self.specification = specification
        search = OptimumSearch(specification)
        descents = specification.estimators.map { Descent($0, specification) }
        // Both slices fit in a second cache, and a slice is long enough to hand to a thread.
        batchesPerSlice = min(max(1, 16_384 / specification.batch), specification.iterations + 1)
        let width = batchesPerSlice * specification.batch
        slices = [Slice(width: width), Slice(width: width)]
    }

    /// How many iterations are done.
    public var iteration: Int { min(batchesUsed, specification.iterations) }

    public var isFinished: Bool { !examinations.isEmpty && examinations.allSatisfy(\.isFinished) }

    /// Where each descent is, in the specification's order.
    public var parameters: [GaussianParameters] { descents.map(\.parameters) }

    /// Iterations · batch · estimators so far, and of the whole run: for a progress bar.
    public var drawsUsed: Int { iteration * specification.batch * descents.count }

    /// Goes on by a piece of the work: first an evaluation of J in search of its optimum, then at
    /// most so many iterations of each descent, at last some draws of the estimators' examination.
    ///
    /// - Parameter loop: lends threads: a slice of the draws, and each descent, is one body
    /// - Throws: `GradientError`, the first estimator's if several fail
    public func advance(
        iterations: Int, concurrently loop: ConcurrentLoop = serialLoop
    ) throws(GradientError) {
        precondition(iterations >= 1 && !isFinished, "a finished run does not go on")
        guard let optimum = search.optimum else { return search.advance() }
        if batchesUsed <= specification.iterations {
            // The batch after the last iteration measures the variance there.
            var left = iteration + iterations >= specification.iterations
                ? specification.iterations + 1 - batchesUsed : iterations
            while left > 0 { left -= try useSlice(atMost: left, loop) }
        } else if examinations.isEmpty {
            try prepareExaminations(optimum)
        } else {
            try examine(loop)
        }
    }

    private var batchesUsed: Int { descents[0].iteration }

    /// Draws a slice ahead while every descent uses the present one; returns how many batches
    /// were used.
    private func useSlice(atMost limit: Int, _ loop: ConcurrentLoop) throws(GradientError) -> Int {
        if batchesUsed >= slices[present].batches.upperBound {
            present = 1 - present
            if batchesUsed >= slices[present].batches.upperBound { draw(slices[present]) }
        }
        let slice = slices[present]
        let next = slices[1 - present]
        let offset = batchesUsed - slice.batches.lowerBound
        let count = min(limit, slice.batches.count - offset)
        let isDrawing = next.batches.upperBound <= slice.batches.lowerBound
            && batchesDrawn <= specification.iterations
        let draws = Disjoint(value: slice.draws[0] + offset * specification.batch)
        let workers = Disjoint(value: (self, next, descents))
        loop(descents.count + (isDrawing ? 1 : 0)) { index in
            let (run, next, descents) = workers.value
            if index == descents.count {
                run.draw(next)
            } else {
                descents[index].run(draws.value, batches: count)
            }
        }
        for descent in descents {
            if let failure = descent.failure { throw failure }
        }
        return count
    }

    /// Fills a slice with the batches after the last ones drawn.
    private func draw(_ slice: Slice) {
        let count = min(batchesPerSlice, specification.iterations + 1 - batchesDrawn)
        NormalDistribution.standard.fill(
            UnsafeMutableBufferPointer(start: slice.draws[0], count: count * specification.batch),
            from: Philox(seed: specification.seed, stream: RandomStream.descent),
            at: UInt64(batchesDrawn * specification.batch))
        slice.batches = batchesDrawn..<batchesDrawn + count
        batchesDrawn += count
    }

    /// Makes the examinations of every estimator at the start and at the optimum.
    private func prepareExaminations(_ optimum: Optimum) throws(GradientError) {
        let regularizer = Regularizer(specification.r)
        var places = [(specification.start, search.gradientAtStart)]
        if let parameters = optimum.parameters { places.append((parameters, search.gradientAtOptimum)) }
        for (parameters, truth) in places {
            let known: ComponentPair<Double>
            do { known = try regularizer.gradient(at: parameters) } catch {
                throw .undefined(parameter: "r", error)
            }
            let place = Examination.Place(parameters: parameters, known: known, truth: truth)
            examinations += specification.estimators.map { Examination($0, of: specification, at: place) }
        }
    }

    private func examine(_ loop: ConcurrentLoop) throws(GradientError) {
        let shared = Disjoint(value: examinations)
        loop(examinations.count) { shared.value[$0].advance(draws: 2048) }
        for examination in examinations {
            if let failure = examination.failure { throw failure }
        }
    }

    /// - Precondition: the run is finished.
    public var report: GradientReport {
        precondition(isFinished, "a report is of a finished run")
        let optimum = search.optimum ?? .none(reason: "the search has not ended"), count = descents.count
        return GradientReport(
            optimum: optimum,
            estimators: descents.enumerated().map { index, descent in
                EstimatorReport(
                    estimator: descent.kind, final: descent.parameters, trace: descent.trace,
                    atStart: examinations[index].diagnosis,
                    atOptimum: optimum.parameters == nil
                        ? nil : examinations[count + index].diagnosis)
            })
    }
}
