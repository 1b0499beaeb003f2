import Statistics

/// Every figure that follows from simulated gamblers: a pure function of (plan, moments).
public struct RuinReport: Sendable, Hashable {
    /// P(the goal is reached), with the standard error of the mean weight: `nil` where all draws
    /// were alike and need not have been. Infinite where the weights are beyond a double.
    public let estimate: Estimate
    /// standard error / estimate; `nil` without hits, and where the error is unknown.
    public let relativeError: Double?
    public let confidenceInterval: ConfidenceInterval
    /// By dynamic programming; `nil` beyond its stated sizes, and below the smallest double.
    public let exact: Double?
    /// (estimate − exact)/standard error; `nil` where the error is 0 or unknown.
    public let zScore: Double?
    public let hits: UInt64
    /// Kish's, over the weights of the hits; `nil` without hits.
    public let effectiveSampleSize: Double?
    /// Of the weights of the hits; `nil` where there is no tail to fit.
    public let paretoK: ParetoK?
    /// Variance of naive sampling / variance of this; from the exact second moments where
    /// they are known, else from the sample; `nil` where this has none.
    public let varianceReduction: Double?
    public let moments: RuinMoments
    public var warnings: [RuinWarning]

    public var gamesPlayed: UInt64 { moments.games }

    init(_ plan: RuinPlan, _ moments: RuinMoments) {
        precondition(moments.gamblers > 0, "a report needs a gambler")
        self.moments = moments
        hits = moments.hitCount
        let weights = HitWeights(moments, plan)
        let relative = weights.moments
        let unscaled = weights.estimate(by: plan), estimate = unscaled.scaled(by: weights.scale)
        self.estimate = estimate
        // The scale may be below all doubles, and the mean still have a relative error.
        relativeError = unscaled.relativeError
        exact = plan.exactProbability
        zScore = exact.flatMap(estimate.zScore(against:))
        effectiveSampleSize = weights.effectiveSampleSize
        paretoK = ParetoK(weights: weights.values, draws: moments.gamblers)
        if let exactly = plan.exactVarianceReduction {
            varianceReduction = exactly
        } else if plan.method != .zeroVariance, let variance = relative.variance, variance > 0 {
            let ratio = relative.mean * (1 / weights.scale - relative.mean) / variance
            varianceReduction = ratio.isFinite && ratio > 0 ? ratio : nil
        } else {
            varianceReduction = nil
        }
        confidenceInterval = weights.interval(plan.confidence)
        warnings = []
        warnings = trustworthiness(weights, plan)
    }
}

extension RuinPlan {
    /// By dynamic programming; `nil` beyond its stated sizes, and below the smallest double: 0 stands for
    /// impossible only, never for too small to write.
    public var exactProbability: Double? {
        exact.flatMap { $0.probability > 0 || !ruin.isReachable ? $0.probability : nil }
    }

    /// The estimate alone, with its standard error.
    public func estimate(_ moments: RuinMoments) -> Estimate {
        let weights = HitWeights(moments, self)
        return weights.estimate(by: self).scaled(by: weights.scale)
    }

    /// The report on some gamblers.
    public func report(_ moments: RuinMoments) -> RuinReport { RuinReport(self, moments) }
}
