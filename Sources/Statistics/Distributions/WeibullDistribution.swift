/// Weibull's distribution: P(X > x) = exp(−(x/scale)^shape), x ≥ 0.
public struct WeibullDistribution: ContinuousDistribution, Hashable {
    public let scale: Double
    public let shape: Double

    /// - Precondition: both above 0.
    public init(scale: Double, shape: Double) {
        precondition(scale > 0 && shape > 0, "a positive scale and shape")
        self.scale = scale
        self.shape = shape
    }

    public func logDensity(_ x: Double) -> Double {
        guard x > 0 else { return x.isNaN ? .nan : x == 0 && shape == 1 ? -ElementaryFunction.log(scale) : -.infinity }
        let z = ElementaryFunction.log(x / scale)
        return ElementaryFunction.log(shape / scale) + (shape - 1) * z - ElementaryFunction.exp(shape * z)
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        x > 0 ? -ElementaryFunction.expm1(-hazard(x)) : x.isNaN ? .nan : 0
    }

    public func survivalProbability(_ x: Double) -> Double {
        x > 0 ? ElementaryFunction.exp(-hazard(x)) : x.isNaN ? .nan : 1
    }

    /// (x/scale)^shape, for x above 0.
    private func hazard(_ x: Double) -> Double { ElementaryFunction.power(x / scale, shape) }

    public func quantile(_ p: Double) -> Double {
        p >= 0 && p <= 1 ? scale * ElementaryFunction.power(-ElementaryFunction.log1p(-p), 1 / shape) : .nan
    }

    public func upperQuantile(_ q: Double) -> Double {
        q >= 0 && q <= 1 ? scale * ElementaryFunction.power(-ElementaryFunction.log(q), 1 / shape) : .nan
    }

    public var mean: Double { scale * ElementaryFunction.exp(logGamma(1 + 1 / shape)) }

    public var standardDeviation: Double {
        let ratio = ElementaryFunction.exp(logGamma(1 + 2 / shape) - 2 * logGamma(1 + 1 / shape))
        return mean * max(ratio - 1, 0).squareRoot()
    }

    public func transform(_ u: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int) {
        StandardNormalTail.exponentials(u, into: x, count: count)
        let values = UnsafeMutableBufferPointer(start: x, count: count)
        ElementaryFunction.log.apply(to: .init(values), into: values)
        for i in 0..<count { x[i] /= shape }
        ElementaryFunction.exp.apply(to: .init(values), into: values)
        for i in 0..<count { x[i] *= scale }
    }

    public var transformCost: Int { 6 }
}
