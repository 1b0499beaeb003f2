extension NormalDistribution: ContinuousDistribution {
    public func survivalProbability(_ x: Double) -> Double {
        ElementaryFunction.normalCDF((mean - x) / standardDeviation)
    }

    public func upperQuantile(_ q: Double) -> Double {
        mean - standardDeviation * Self.standard.quantile(q)
    }

    public func transform(_ u: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int) {
        VectorArithmetic.affine(mean, standardDeviation, u, into: x, count: count)
    }

    public var transformCost: Int { 1 }
}
