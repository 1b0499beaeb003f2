import Statistics

extension RuinReport {
    /// So few hits (or misses) leave the error itself uncertain.
    static let fewHits: UInt64 = 25
    /// Kish's effective sample size below which a few weights are the whole estimate.
    static let fewEffective = 10.0
    /// A sample's ratio of variances is itself uncertain: well below 1 it says something.
    static let clearlyBelowNaive = 0.8
    /// By chance alone an interval of this confidence misses the truth once in a million runs.
    static let confidenceBeyondChance = 1 - 1e-6

    /// Every reason that the figures give not to trust them.
    func trustworthiness(_ weights: HitWeights, _ plan: RuinPlan) -> [RuinWarning] {
        guard plan.ruin.isReachable else { return [.unreachable] }
        guard plan.method != .zeroVariance else { return underflow(plan) + contradiction(weights, plan) }
        var warnings: [RuinWarning] = []
        let misses = moments.gamblers - hits, isTilted = plan.tilt.parameter != 0
        if hits == 0 {
            warnings.append(.noHits)
        } else if hits < Self.fewHits {
            warnings.append(.fewHits(hits))
        } else if misses < Self.fewHits && (!isTilted || isFinerThanMisses) {
            warnings.append(.fewMisses(misses))
        }
        if weights.areAlikeByChance { warnings.append(.weightsAllAlike) }
        if let paretoK, !paretoK.isReliable {
            warnings.append(.heavyTail(k: paretoK.value, threshold: paretoK.threshold))
        } else if hits >= Self.fewHits, let size = effectiveSampleSize, size < Self.fewEffective {
            warnings.append(.fewEffective(size))
        }
        if isTilted, let ratio = varianceReduction {
            let bound = plan.exactVarianceReduction == nil ? Self.clearlyBelowNaive : 1
            if ratio < bound { warnings.append(.moreVarianceThanNaive(ratio)) }
        }
        if estimate.value > 1 { warnings.append(estimate.value.isFinite ? .aboveOne : .overflow) }
        return warnings + underflow(plan) + contradiction(weights, plan)
    }

    /// Whether the weights vary by less than one gambler in all who failed would change the estimate.
    private var isFinerThanMisses: Bool { (relativeError ?? 0) * Double(moments.gamblers) < 1 }

    private func underflow(_ plan: RuinPlan) -> [RuinWarning] {
        hits > 0 && estimate.value < Double.leastNormalMagnitude ? [.underflow] : []
    }

    /// Whether the exact value lies outside the interval by more than chance allows.
    private func contradiction(_ weights: HitWeights, _ plan: RuinPlan) -> [RuinWarning] {
        guard hits > 0, let exact, estimate.value.isFinite else { return [] }
        // The dynamic programme and the weights have rounding errors of their own.
        if (estimate.value - exact).magnitude <= 1e-9 * exact { return [] }
        let interval = weights.interval(max(plan.confidence, Self.confidenceBeyondChance))
        return exact < interval.lower || exact > interval.upper ? [.contradictsExact(exact)] : []
    }
}
