/// The shape k̂ of the generalized Pareto distribution that fits the largest importance
/// weights: moments of the weights beyond order 1/k̂ do not exist, so a large k̂ says that
/// the estimate and its standard error rest on draws too rare to have been seen (Vehtari,
/// Simpson, Gelman, Yao, Gabry, "Pareto smoothed importance sampling", JMLR 2024).
public struct ParetoK: Sendable, Hashable {
    /// k̂; below 0 where the weights are bounded.
    public let value: Double
    /// Reliable below min(1 − 1/log₁₀ n, 0.7).
    public let threshold: Double

    public var isReliable: Bool { value < threshold }

    /// The largest k̂ at which `draws` draws are enough; −∞ for a single draw.
    public static func threshold(draws: UInt64) -> Double {
        let digits = ElementaryFunction.log(Double(draws)) / ElementaryFunction.log(10)
        return digits > 0 ? min(1 - 1 / digits, 0.7) : -.infinity
    }

    /// Fits the tail: the min(n/5, 3√n) largest of the n positive weights, more where
    /// equal weights straddle that cut, above the largest weight that stays out of it.
    ///
    /// `nil` where there is no tail to fit: fewer than 5 weights in it, all of them equal,
    /// or none left below. O(m^1.5) for m distinct weights in the tail.
    ///
    /// - Parameters:
    ///   - weights: the weights in any order, each with the number of its occurrences;
    ///     only ratios matter, so scale them to a largest of about 1 first.
    ///   - draws: how many draws there were, those of weight 0 included.
    public init?(weights: [(value: Double, count: UInt64)], draws: UInt64) {
        var positive: [(value: Double, count: UInt64)] = []
        for weight in weights.sorted(by: { $0.value > $1.value }) where weight.value > 0 && weight.count > 0 {
            if positive.last?.value == weight.value {
                positive[positive.count - 1].count += weight.count
            } else {
                positive.append(weight)
            }
        }
        let n = Double(positive.reduce(0) { $0 + $1.count })
        let wanted = min(n / 5, 3 * n.squareRoot()).rounded(.up)
        guard wanted >= 5 else { return nil }
        var tail: [(value: Double, count: UInt64)] = []
        var size = 0.0
        for weight in positive {
            if size >= wanted { break }
            tail.append(weight)
            size += Double(weight.count)
        }
        guard tail.count >= 2, tail.count < positive.count else { return nil }
        let cut = positive[tail.count].value
        let exceedances = tail.reversed().map { (value: $0.value - cut, count: $0.count) }
        guard let shape = ParetoK.shape(ofAscending: exceedances) else { return nil }
        self.value = shape
        self.threshold = ParetoK.threshold(draws: draws)
    }

    /// The shape of a generalized Pareto distribution from exceedances above 0 in
    /// ascending order: the posterior mean of Zhang and Stephens, "A new and efficient
    /// estimation method for the generalized Pareto distribution" (Technometrics 2009),
    /// then shrunk towards ½ with the weight of ten draws, as in the article on PSIS.
    static func shape(ofAscending x: [(value: Double, count: UInt64)]) -> Double? {
        let n = Double(x.reduce(0) { $0 + $1.count })
        guard let largest = x.last?.value, let smallest = x.first?.value, smallest > 0 else { return nil }
        // The first quartile, counting repeats.
        var quartile = smallest, seen = 0.0
        for (value, count) in x {
            seen += Double(count)
            quartile = value
            if seen >= (n / 4 + 0.5).rounded(.down) { break }
        }
        let points = 30 + Int(n.squareRoot().rounded(.down).clamped(to: 0...200))
        var candidates: [Double] = [], logLikelihoods: [Double] = []
        for j in 1...points {
            let b =
                1 / largest
                + (1 - (Double(points) / (Double(j) - 0.5)).squareRoot()) / (3 * quartile)
            guard b != 0 else { continue }
            let k = meanLog1p(x, times: -b, n)
            candidates.append(b)
            logLikelihoods.append(n * (ElementaryFunction.log(-b / k) - k - 1))
        }
        guard let best = logLikelihoods.max(), best.isFinite else { return nil }
        var total = 0.0, mean = 0.0
        for (b, logLikelihood) in zip(candidates, logLikelihoods) where logLikelihood.isFinite {
            let mass = ElementaryFunction.exp(logLikelihood - best)
            total += mass
            mean += mass * b
        }
        let k = meanLog1p(x, times: -mean / total, n)
        let shrunk = (k * n + 5) / (n + 10)
        return shrunk.isFinite ? shrunk : nil
    }

    /// Σ log(1 + factor·x) / n.
    private static func meanLog1p(
        _ x: [(value: Double, count: UInt64)], times factor: Double, _ n: Double
    ) -> Double {
        var sum = 0.0
        for (value, count) in x { sum += Double(count) * ElementaryFunction.log1p(factor * value) }
        return sum / n
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
