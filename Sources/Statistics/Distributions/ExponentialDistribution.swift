/// The exponential distribution.
public struct ExponentialDistribution: Distribution, Hashable {
    public let rate: Double

    public static let standard = ExponentialDistribution(rate: 1)

    public init(rate: Double) {
        precondition(rate > 0, "a positive rate")
        self.rate = rate
    }

    public func logDensity(_ x: Double) -> Double {
        x >= 0 ? ElementaryFunction.log(rate) - rate * x : -.infinity
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        x > 0 ? -ElementaryFunction.expm1(-rate * x) : x.isNaN ? .nan : 0
    }

    public func quantile(_ p: Double) -> Double {
        p >= 0 && p <= 1 ? -ElementaryFunction.log1p(-p) / rate : .nan
    }
}
