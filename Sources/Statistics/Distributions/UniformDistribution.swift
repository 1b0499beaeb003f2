/// The uniform distribution on the open interval from `lower` to `upper`.
public struct UniformDistribution: Distribution, Hashable {
    public let lower: Double
    public let upper: Double

    public static let standard = UniformDistribution(lower: 0, upper: 1)

    public init(lower: Double, upper: Double) {
        precondition(lower < upper && (upper - lower).isFinite, "a finite interval")
        self.lower = lower
        self.upper = upper
    }

    public func logDensity(_ x: Double) -> Double {
        x > lower && x < upper ? -ElementaryFunction.log(upper - lower) : -.infinity
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        x.isNaN ? .nan : min(max((x - lower) / (upper - lower), 0), 1)
    }

    public func quantile(_ p: Double) -> Double {
        p >= 0 && p <= 1 ? lower + (upper - lower) * p : .nan
    }
}
