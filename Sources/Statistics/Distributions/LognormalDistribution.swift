/// The distribution of e^Z, Z normal.
public struct LognormalDistribution: ContinuousDistribution, Hashable {
    /// Of the variable itself.
    public let mean: Double
    public let standardDeviation: Double
    /// Of log X.
    public let logarithm: NormalDistribution

    /// - Precondition: a mean and a standard deviation above 0 whose ratio is neither so small nor so large that log X has no
    ///   standard deviation (`DistributionFamily` says so as an error).
    public init(mean: Double, standardDeviation: Double) {
        self.mean = mean
        self.standardDeviation = standardDeviation
        let ratio = standardDeviation / mean
        let variance = ElementaryFunction.log1p(ratio * ratio)
        logarithm = NormalDistribution(
            mean: ElementaryFunction.log(mean) - variance / 2, standardDeviation: variance.squareRoot())
    }

    public func logDensity(_ x: Double) -> Double {
        guard x > 0 else { return x.isNaN ? .nan : -.infinity }
        let y = ElementaryFunction.log(x)
        return logarithm.logDensity(y) - y
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        x > 0 ? logarithm.cumulativeProbability(ElementaryFunction.log(x)) : x.isNaN ? .nan : 0
    }

    public func survivalProbability(_ x: Double) -> Double {
        x > 0 ? logarithm.survivalProbability(ElementaryFunction.log(x)) : x.isNaN ? .nan : 1
    }

    public func quantile(_ p: Double) -> Double { ElementaryFunction.exp(logarithm.quantile(p)) }

    public func upperQuantile(_ q: Double) -> Double { ElementaryFunction.exp(logarithm.upperQuantile(q)) }

    public func transform(_ u: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int) {
        logarithm.transform(u, into: x, count: count)
        let values = UnsafeMutableBufferPointer(start: x, count: count)
        ElementaryFunction.exp.apply(to: .init(values), into: values)
    }

    public var transformCost: Int { 2 }
}
