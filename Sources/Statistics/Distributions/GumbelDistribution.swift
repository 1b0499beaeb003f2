/// Gumbel's distribution of maxima: P(X ≤ x) = exp(−e^(−(x − mode)/scale)).
public struct GumbelDistribution: ContinuousDistribution, Hashable {
    public let mean: Double
    public let standardDeviation: Double
    public let mode: Double
    public let scale: Double

    /// - Precondition: a standard deviation above 0.
    public init(mean: Double, standardDeviation: Double) {
        precondition(standardDeviation > 0, "a positive standard deviation")
        self.mean = mean
        self.standardDeviation = standardDeviation
        scale = standardDeviation * (6.0.squareRoot() / .pi)
        // Euler's constant.
        mode = mean - 0.577_215_664_901_532_86 * scale
    }

    public func logDensity(_ x: Double) -> Double {
        let z = (x - mode) / scale
        return -z - ElementaryFunction.exp(-z) - ElementaryFunction.log(scale)
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        ElementaryFunction.exp(-ElementaryFunction.exp((mode - x) / scale))
    }

    public func survivalProbability(_ x: Double) -> Double {
        -ElementaryFunction.expm1(-ElementaryFunction.exp((mode - x) / scale))
    }

    public func quantile(_ p: Double) -> Double {
        p >= 0 && p <= 1 ? mode - scale * ElementaryFunction.log(-ElementaryFunction.log(p)) : .nan
    }

    public func upperQuantile(_ q: Double) -> Double {
        q >= 0 && q <= 1 ? mode - scale * ElementaryFunction.log(-ElementaryFunction.log1p(-q)) : .nan
    }

    public func transform(_ u: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int) {
        for i in 0..<count { x[i] = -u[i] }
        StandardNormalTail.exponentials(x, into: x, count: count)
        let values = UnsafeMutableBufferPointer(start: x, count: count)
        ElementaryFunction.log.apply(to: .init(values), into: values)
        VectorArithmetic.affine(mode, -scale, x, into: x, count: count)
    }

    public var transformCost: Int { 5 }
}
