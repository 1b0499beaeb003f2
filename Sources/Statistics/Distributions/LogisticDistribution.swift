/// The logistic distribution.
public struct LogisticDistribution: Distribution, Hashable {
    public let location: Double
    public let scale: Double

    public static let standard = LogisticDistribution(location: 0, scale: 1)

    public init(location: Double, scale: Double) {
        precondition(scale > 0, "a positive scale")
        self.location = location
        self.scale = scale
    }

    /// −log(1 + e^z) − log(1 + e^−z) − log(scale), z the standardized x.
    public func logDensity(_ x: Double) -> Double {
        let z = (x - location) / scale
        return -ElementaryFunction.softplus(z) - ElementaryFunction.softplus(-z)
            - ElementaryFunction.log(scale)
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        ElementaryFunction.sigmoid((x - location) / scale)
    }

    /// log(p / (1 − p)), near the centre as log1p, whose argument is then exact but for one
    /// quotient.
    public func quantile(_ p: Double) -> Double {
        guard p >= 0, p <= 1 else { return .nan }
        let z = p < 0.25 ? ElementaryFunction.log(p / (1 - p)) : ElementaryFunction.log1p((2 * p - 1) / (1 - p))
        return location + scale * z
    }
}
