import Statistics

/// What weighted draws say of a probability.
struct WeightedEstimate: Sendable {
    let estimate: Estimate
    let interval: ConfidenceInterval
    let effectiveSampleSize: Double?
    let paretoK: ParetoK?
    /// Whether no weight stands out: the largest of many is at most ten times their mean. A tail whose weights have no second moment shows
    /// larger ones among so many, whatever shape its fit has.
    let isEven: Bool
    /// Of the estimate, what comes from where the wide components were the likelier origin.
    let wideShare: Double
    /// n·Var/mean²: how many draws a relative error of 1 takes; infinite without hits.
    let relativeVariance: Double

    init(_ draws: SampledDraws, confidence: Double) {
        let n = Double(draws.draws)
        guard draws.hits > 0, draws.draws > 0 else {
            estimate = Estimate(value: 0, standardError: nil)
            interval = .noSuccess(trials: max(draws.draws, 1), confidence: confidence)
            effectiveSampleSize = nil
            paretoK = nil
            isEven = false
            wideShare = 0
            relativeVariance = .infinity
            return
        }
        guard !draws.logWeights.isEmpty else {
            let value = Double(draws.hits) / n
            let error = draws.hits < draws.draws ? (value * (1 - value) / (n - 1)).squareRoot() : nil
            estimate = Estimate(value: value, standardError: error)
            interval = .proportion(successes: draws.hits, trials: draws.draws, confidence: confidence)
            effectiveSampleSize = Double(draws.hits)
            paretoK = nil
            isEven = true
            wideShare = 0
            relativeVariance = (1 - value) / value
            return
        }
        let most = draws.logWeights.max() ?? 0
        var sum = 0.0, squares = 0.0, wide = 0.0
        var weights: [(value: Double, count: UInt64)] = []
        weights.reserveCapacity(draws.logWeights.count)
        for (log, share) in zip(draws.logWeights, draws.wideShares) {
            let weight = ElementaryFunction.exp(log - most)
            sum += weight
            squares += weight * weight
            wide += weight * share
            weights.append((weight, 1))
        }
        let mean = sum / n, variance = n > 1 ? max(squares - sum * mean, 0) / (n - 1) : 0
        let scale = ElementaryFunction.exp(most)
        let unscaled = Estimate(value: mean, standardError: n > 1 ? (variance / n).squareRoot() : nil)
        estimate = unscaled.scaled(by: scale)
        if unscaled.standardError ?? 0 > 0 {
            let bounds = ConfidenceInterval.nonnegativeMean(unscaled, largest: 1 / n, confidence: confidence).scaled(
                by: scale)
            interval = ConfidenceInterval(lower: min(bounds.lower, 1), upper: min(bounds.upper, 1))
        } else {
            // Weights that do not differ say nothing of those that were not drawn.
            interval = ConfidenceInterval(lower: 0, upper: 1)
        }
        effectiveSampleSize = sum * sum / squares
        paretoK = ParetoK(weights: weights, draws: draws.draws)
        // The largest is 1.
        isEven = draws.hits >= 500 && Double(draws.hits) <= 10 * sum
        wideShare = wide / sum
        relativeVariance = variance / (mean * mean)
    }
}
