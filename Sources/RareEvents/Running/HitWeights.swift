import Statistics

/// The weights of the hits, relative to a scale near the largest of them, so that neither
/// weights nor their squares underflow.
struct HitWeights {
    /// Weight 1 of `values` and of `moments`.
    let scale: Double
    /// Ascending events' weights, at most about 1; empty where only their sums are known.
    let values: [(value: Double, count: UInt64)]
    /// Mean and spread of the weights of all gamblers, 0 for those who failed.
    let moments: RunningMoments
    let effectiveSampleSize: Double?
    /// Whether all hits happened to have one weight, where other weights are possible: then their
    /// spread says nothing about the error.
    let areAlikeByChance: Bool
    /// Whether all hits have one weight, up to rounding: then only misses tell anything about the error.
    let areAlike: Bool
    private let gamblers: UInt64
    private let hits: UInt64
    private let largestPossible: Double

    init(_ moments: RuinMoments, _ plan: RuinPlan) {
        gamblers = moments.gamblers
        hits = moments.hitCount
        switch moments.hits {
        case .counts(let counts):
            let start = plan.ruin.start
            let logWeights = counts.map { plan.tilt.logWeight(of: $0.event, start: start) }
            let largest = logWeights.max() ?? 0
            scale = ElementaryFunction.exp(largest)
            let values = zip(logWeights, counts).map {
                (value: ElementaryFunction.exp($0 - largest), count: $1.count)
            }
            self.values = values
            self.moments = RunningMoments(values + [(0, gamblers - hits)])
            effectiveSampleSize = Statistics.effectiveSampleSize(values)
            largestPossible = plan.tilt.largestWeight(plan.ruin)
            areAlike =
                !values.isEmpty
                && values.allSatisfy { abs($0.value - values[0].value) <= Self.rounding * values[0].value }
            areAlikeByChance =
                plan.tilt.parameter != 0 && !plan.hasOneEvent && !values.isEmpty
                && values.allSatisfy { $0.value == values[0].value }
        case .relativeSums(let hits, let sum, let squares):
            scale = plan.reference
            values = []
            largestPossible = 1
            areAlikeByChance = false
            areAlike = false
            guard hits > 0 else {
                self.moments = RunningMoments([(0, gamblers)])
                effectiveSampleSize = nil
                return
            }
            let count = Double(hits)
            let mean = 1 + Double(sum) * 0x1p-30 / count
            // Exact until the division: Σ(r − r̄)² = (n Σr² − (Σr)²)/n.
            let (first, firstOverflows) = Int128(hits).multipliedReportingOverflow(by: squares)
            let (second, secondOverflows) = sum.multipliedReportingOverflow(by: sum)
            let difference =
                firstOverflows || secondOverflows
                ? max(0, Double(hits) * Double(squares) - Double(sum) * Double(sum)) : Double(first - second)
            let within = difference * 0x1p-60 / count
            self.moments = RunningMoments([(mean, hits), (0, gamblers - hits)], scatteredWithin: within)
            effectiveSampleSize = count * mean * mean / (mean * mean + within / count)
        }
    }

    /// The mean weight, relative to the scale. Its error is unknown, not 0, where the draws show no
    /// spread but might have.
    func estimate(by plan: RuinPlan) -> Estimate {
        var estimate = Estimate(moments)
        let isSpread = estimate.standardError != 0 && !(areAlike && hits == gamblers)
        if hits > 0 && plan.method != .zeroVariance && !isSpread {
            estimate.standardError = nil
        }
        return estimate
    }

    /// Never wider than [0, 1].
    func interval(_ confidence: Double) -> ConfidenceInterval {
        let trials = gamblers
        let none = ConfidenceInterval.noSuccess(trials: trials, confidence: confidence)
        if hits == 0 { return .probability(lower: 0, upper: none.upper * largestPossible) }
        if areAlike, let weight = values.first?.value {
            let share = ConfidenceInterval.proportion(
                successes: hits, trials: trials, confidence: confidence
            ).scaled(by: weight * scale)
            // Events that nobody met have at most this probability among those played.
            let unseen = areAlikeByChance ? none.upper * largestPossible : 0
            // The share and the mean are rounded differently; the interval holds the estimate all the same.
            let mean = moments.mean * scale
            // Weights are rounded, all alike: outwards, so that the rounding excludes no truth. 1 is exact.
            let slack = weight * scale == 1 ? 0 : Self.rounding
            return .probability(
                lower: min(share.lower, mean) * (1 - slack), upper: max(share.upper + unseen, mean) * (1 + slack))
        }
        let estimate = Estimate(moments)
        // A single gambler shows no spread.
        guard estimate.standardError != nil else { return ConfidenceInterval(lower: 0, upper: 1) }
        let largest = (values.map(\.value).max() ?? 1) / Double(trials)
        let interval = ConfidenceInterval.nonnegativeMean(
            estimate, largest: largest, confidence: confidence
        ).scaled(by: scale)
        // An interval as narrow as what weights are kept to is rounded outwards by that.
        let slack = interval.upper - interval.lower < 4 * Self.resolution * interval.upper ? Self.resolution : 0
        return .probability(
            lower: min(interval.lower, missing(confidence)) * (1 - slack), upper: interval.upper * (1 + slack))
    }

    /// What the estimate would be if as many gamblers failed as these draws allow: few misses, or none, say
    /// little about how likely a miss is, whatever the weights.
    private func missing(_ confidence: Double) -> Double {
        guard !values.isEmpty, gamblers - hits < RuinReport.fewHits else { return .infinity }
        let share = ConfidenceInterval.proportion(successes: hits, trials: gamblers, confidence: confidence)
        return share.lower * scale * moments.mean * Double(gamblers) / Double(hits)
    }

    /// Relative errors of weights, each of a logarithm and an exponential.
    private static let rounding = 1e-12
    /// What the weights of Doob's gamblers are kept to, relative to the reference.
    private static let resolution = 0x1p-30
}

extension ConfidenceInterval {
    /// An interval for a probability. What lies above 1 altogether, or is no number, says nothing:
    /// then it is the whole of [0, 1].
    fileprivate static func probability(lower: Double, upper: Double) -> ConfidenceInterval {
        guard lower <= 1 && !upper.isNaN else { return ConfidenceInterval(lower: 0, upper: 1) }
        return ConfidenceInterval(lower: lower, upper: min(upper, 1))
    }
}

extension ExponentialTilt {
    /// No hitting event has a larger weight: the logarithm is linear in games and gain.
    func largestWeight(_ ruin: GamblersRuin) -> Double {
        guard ruin.isReachable, let fewest = ruin.fewestGames else { return 1 }
        var largest = -Double.infinity
        for games in [fewest, ruin.maximumGames] {
            for position in [ruin.goal, ruin.goal + ruin.largestWin - 1] {
                let event = HittingEvent(games: games, position: position)
                largest = max(largest, logWeight(of: event, start: ruin.start))
            }
        }
        return ElementaryFunction.exp(largest)
    }
}

extension RuinPlan {
    /// The weight that Doob's gamblers have, up to rounding.
    var reference: Double { (sampler as? DoobTransform)?.reference ?? 1 }
}
