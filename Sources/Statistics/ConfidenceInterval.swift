/// An interval that covers the truth with (about) a stated probability.
public struct ConfidenceInterval: Sendable, Hashable {
    public var lower: Double
    public var upper: Double

    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// For the mean of non-negative draws of which few may be above 0: gamma quantiles
    /// with the moments of the estimate and, for the upper end, of the estimate with one
    /// more draw of the largest weight (Fay, Feuer, "Confidence intervals for directly
    /// standardized rates", Statistics in Medicine 1997, equations 9 and 12). Where draws
    /// are many it is value ± z·standard error; where they are few it stays above 0 and
    /// leans to the right, as such estimates do.
    ///
    /// - Parameters:
    ///   - estimate: value above 0; without a standard error above 0 the interval is a point.
    ///   - largest: the largest draw / the number of draws.
    ///   - confidence: between 0 and 1.
    public static func nonnegativeMean(
        _ estimate: Estimate, largest: Double, confidence: Double
    ) -> ConfidenceInterval {
        guard let error = estimate.standardError, error * error > 0, estimate.value > 0 else {
            return ConfidenceInterval(lower: estimate.value, upper: estimate.value)
        }
        func quantile(_ mean: Double, _ variance: Double, _ p: Double) -> Double {
            GammaDistribution(shape: mean * mean / variance).quantile(p) * (variance / mean)
        }
        // The sum of 1 and the largest double below it rounds to 2.
        let upper = min((1 + confidence) / 2, 1.0.nextDown)
        return ConfidenceInterval(
            lower: quantile(estimate.value, error * error, (1 - confidence) / 2),
            upper: quantile(estimate.value + largest, error * error + largest * largest, upper))
    }

    /// For a probability of which `trials` trials showed no success: from 0 to the p whose
    /// chance (1 − p)^trials of doing so is 1 − confidence. Exact and one-sided.
    public static func noSuccess(trials: UInt64, confidence: Double) -> ConfidenceInterval {
        let exponent = ScalarFunctions.log1p(-confidence) / Double(trials)
        return ConfidenceInterval(lower: 0, upper: -ScalarFunctions.expm1(exponent))
    }

    /// For a probability, from the number of successes: exact at none and at all, else the
    /// interval for non-negative draws, applied to the rarer of success and failure.
    public static func proportion(
        successes: UInt64, trials: UInt64, confidence: Double
    ) -> ConfidenceInterval {
        precondition(trials > 0 && successes <= trials)
        if successes > trials - successes {
            let failures = proportion(successes: trials - successes, trials: trials, confidence: confidence)
            return ConfidenceInterval(lower: 1 - failures.upper, upper: 1 - failures.lower)
        }
        guard successes > 0 else { return noSuccess(trials: trials, confidence: confidence) }
        let moments = RunningMoments([(1, successes), (0, trials - successes)])
        let interval = nonnegativeMean(
            Estimate(moments), largest: 1 / Double(trials), confidence: confidence)
        return ConfidenceInterval(lower: interval.lower, upper: min(interval.upper, 1))
    }

    /// The same interval in another unit.
    public func scaled(by factor: Double) -> ConfidenceInterval {
        ConfidenceInterval(lower: lower * factor, upper: upper * factor)
    }
}
