import Statistics

/// A piece of a run, about a millisecond of work that any thread may perform at any time.
public struct LimitStateUnit: Sendable {
    enum Work: Sendable {
        case evaluate(Points, Range<Int>, gradient: Bool, leniently: Bool)
        case sample(any DrawSource, Range<UInt64>, keeping: Kept)
        case compute(@Sendable (StopCheck) throws(CancellationError) -> any Sendable)
    }

    /// What is kept of draws besides the weights of those that hit.
    struct Kept: Sendable {
        /// Where hits are.
        var hits = false
        /// Draws below this index as they are.
        var sampleBelow: UInt64 = 0
    }

    /// What a unit came to.
    public struct Outcome: Sendable {
        let result: Result
    }

    enum Result: Sendable {
        case evaluated(EvaluatedPoints)
        case sampled(SampledDraws)
        case computed(any Sendable)
    }

    let index: Int
    let work: Work
    let problem: LimitStateProblem
    let stop: StopCheck

    /// - Throws: `LimitStateError.undefined` where g is not a number at a point that matters; `CancellationError` where the run is
    ///   stopped.
    public func perform() throws -> Outcome {
        switch work {
        case .evaluate(let points, let range, let gradient, let leniently):
            Outcome(
                result: .evaluated(
                    try problem.evaluate(points, range, gradient: gradient, leniently: leniently, stop)))
        case .sample(let source, let range, let kept):
            Outcome(result: .sampled(try problem.sample(source, range, keeping: kept, stop)))
        case .compute(let body): Outcome(result: .computed(try body(stop)))
        }
    }
}
