import Statistics

/// A simulation that is ready to run: the sampler chosen, the exact value computed.
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

    /// Computes everything that does not depend on the gamblers. That takes up to seconds where the
    /// exact law is large.
    ///
    /// - Parameter check: called every few milliseconds; what it throws ends the work.
    /// - Throws: `InvalidParameter`, or what `check` throws.
    public init(
        _ ruin: GamblersRuin, method: Method = .importance, proposal: Proposal = .automatic,
        confidence: Double = 0.95, seed: UInt64, check: () throws -> Void = {}
    ) throws {
        guard confidence > 0, confidence < 1 else {
            throw InvalidParameter("confidence", "must lie strictly between 0 and 1")
        }
        if proposal != .automatic && method != .importance {
            throw InvalidParameter("q", "needs method=importance")
        }
        self.ruin = ruin
        self.method = method
        self.seed = seed
        self.confidence = confidence
        var tilt = ExponentialTilt.unchanged(ruin)
        if case .winProbability(let q) = proposal { tilt = try ExponentialTilt(winProbability: q, of: ruin) }
        let exact = try ExactRuin(ruin, check: check)
        if method == .importance && proposal == .automatic {
            tilt = try .automatic(ruin, exact: exact, seed: seed, check: check)
        }
        self.exact = exact
        self.tilt = tilt
        hasOneEvent = exact?.law.map(\.hasOneEvent) ?? ruin.hasOneEvent
        switch method {
        case .naive:
            sampler = ImportanceSampler(ruin, tilt: tilt)
            exactVarianceReduction = 1
        case .importance:
            sampler = ImportanceSampler(ruin, tilt: tilt)
            exactVarianceReduction = exact.flatMap { exact in
                SecondMoment(exact, of: ruin)?.varianceReduction(under: tilt, exact)
            }
        case .zeroVariance:
            sampler = try DoobTransform(ruin, check: check)
            exactVarianceReduction = nil
        }
    }

    /// Plays some gamblers: a pure function of the plan and `gamblers`.
    public func simulate(_ gamblers: Range<UInt64>, check: () throws -> Void = {}) throws -> RuinMoments {
        try sampler.simulate(gamblers, seed: seed, firstStream: 0, check: check)
    }

    /// The moments of no gambler.
    public var empty: RuinMoments {
        let hits: RuinMoments.Hits = method == .zeroVariance
            ? .relativeSums(hits: 0, sum: 0, squares: 0) : .counts([])
        return RuinMoments(gamblers: 0, games: 0, hits: hits)
    }
}
