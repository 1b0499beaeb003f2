/// A Monte Carlo estimate with what is known of its error.
public struct Estimate: Sendable, Hashable {
    /// The mean of the draws.
    public var value: Double
    /// The standard deviation of `value` over repetitions, estimated from the draws'
    /// spread; `nil` where a single draw says nothing about it.
    public var standardError: Double?

    public init(value: Double, standardError: Double?) {
        self.value = value
        self.standardError = standardError
    }

    /// The mean of the draws that `moments` has seen.
    public init(_ moments: RunningMoments) {
        self.init(value: moments.mean, standardError: moments.standardErrorOfMean)
    }

    /// standard error / value; `nil` at value 0 or where the error is unknown.
    public var relativeError: Double? {
        guard let standardError, value != 0 else { return nil }
        return standardError / value.magnitude
    }

    /// (value − truth) / standard error; `nil` where the error is 0 or unknown.
    public func zScore(against truth: Double) -> Double? {
        guard let standardError, standardError > 0 else { return nil }
        return (value - truth) / standardError
    }

    /// The same estimate in another unit.
    public func scaled(by factor: Double) -> Estimate {
        Estimate(value: value * factor, standardError: standardError.map { $0 * factor })
    }
}
