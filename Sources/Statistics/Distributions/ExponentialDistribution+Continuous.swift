extension ExponentialDistribution: ContinuousDistribution {
    public func survivalProbability(_ x: Double) -> Double {
        x > 0 ? ElementaryFunction.exp(-rate * x) : x.isNaN ? .nan : 1
    }

    public func upperQuantile(_ q: Double) -> Double {
        q >= 0 && q <= 1 ? -ElementaryFunction.log(q) / rate : .nan
    }

    public var mean: Double { 1 / rate }

    public var standardDeviation: Double { 1 / rate }

    public func transform(_ u: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int) {
        StandardNormalTail.exponentials(u, into: x, count: count)
        guard rate != 1 else { return }
        for i in 0..<count { x[i] /= rate }
    }

    public var transformCost: Int { 4 }
}
