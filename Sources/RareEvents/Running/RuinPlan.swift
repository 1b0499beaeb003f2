import Statistics

/// A simulation that is ready to run: the sampler chosen, the exact value worked out.
///
/// Immutable: any thread may simulate any of its gamblers at any time.
public struct RuinPlan: Sendable {
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// The game as it is.
        case naive
        /// A tilted game, weighed by the likelihood ratio.
        case importance
        /// Doob's h-transform.
        case zeroVariance = "zero_variance"
    }

    /// What importance sampling plays.
    public enum Proposal: Sendable, Hashable {
        /// The tilt of least variance; see `ExponentialTilt.automatic`.
        case automatic
        /// A game of stakes ±1 won with probability q.
        case winProbability(Double)
    }

    public let ruin: GamblersRuin
    public let method: Method
    public let seed: UInt64
    /// Of the interval, between 0 and 1.
    public let confidence: Double
    /// `nil` beyond the sizes that `ExactRuin` states.
    public let exact: ExactRuin?
    /// What importance sampling plays; with parameter 0, the game as it is, for other methods.
    public let tilt: ExponentialTilt
    /// Whether the goal can be reached in one way only, so that all weights must be equal.
    let hasOneEvent: Bool
    /// Variance of naive sampling / variance of this, from the exact second moments; `nil`
    /// where they are unknown or the latter is 0.
    let exactVarianceReduction: Double?
    let sampler: any WalkSampler

    /// Works out all that does not depend on the gamblers: up to seconds where the exact law is large. See
    /// `RuinPreparation` for the same in time slices.
    ///
    /// - Parameter check: called every few milliseconds; what it throws ends the work.
    /// - Throws: `InvalidParameter`, or what `check` throws.
    public init(
        _ ruin: GamblersRuin, method: Method = .importance, proposal: Proposal = .automatic,
        confidence: Double = 0.95, seed: UInt64, check: () throws -> Void = {}
    ) throws {
        var preparation = try RuinPreparation(
            ruin, method: method, proposal: proposal, confidence: confidence, seed: seed)
        while true {
            try check()
            if let plan = try preparation.advance() {
                self = plan
                return
            }
        }
    }

    init(_ preparation: RuinPreparation, exact: ExactRuin?, tilt: ExponentialTilt, sampler: any WalkSampler) {
        ruin = preparation.ruin
        method = preparation.method
        seed = preparation.seed
        confidence = preparation.confidence
        self.exact = exact
        self.tilt = tilt
        self.sampler = sampler
        hasOneEvent = exact?.law.map(\.hasOneEvent) ?? preparation.ruin.hasOneEvent
        switch preparation.method {
        case .naive: exactVarianceReduction = 1
        case .importance:
            exactVarianceReduction = exact.flatMap { exact in
                SecondMoment(exact, of: preparation.ruin)?.varianceReduction(under: tilt, exact)
            }
        case .zeroVariance: exactVarianceReduction = nil
        }
    }

    /// Some gamblers who are about to play: what they come to is a pure function of the plan and `gamblers`.
    public func walks(of gamblers: Range<UInt64>) -> any Walks {
        sampler.walks(of: gamblers, seed: seed, firstStream: 0)
    }

    /// Plays some gamblers to their end.
    public func simulate(_ gamblers: Range<UInt64>, check: () throws -> Void = {}) rethrows -> RuinMoments {
        try sampler.simulate(gamblers, seed: seed, firstStream: 0, check: check)
    }

    /// The moments of no gambler.
    public var empty: RuinMoments {
        let hits: RuinMoments.Hits = method == .zeroVariance
            ? .relativeSums(hits: 0, sum: 0, squares: 0) : .counts([])
        return RuinMoments(gamblers: 0, games: 0, hits: hits)
    }
}
