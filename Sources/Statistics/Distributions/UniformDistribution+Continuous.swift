extension UniformDistribution: ContinuousDistribution {
    public func survivalProbability(_ x: Double) -> Double {
        x.isNaN ? .nan : min(max((upper - x) / (upper - lower), 0), 1)
    }

    public func upperQuantile(_ q: Double) -> Double {
        q >= 0 && q <= 1 ? upper - (upper - lower) * q : .nan
    }

    public var mean: Double { lower + (upper - lower) / 2 }

    public var standardDeviation: Double { (upper - lower) / 12.0.squareRoot() }

    public func transform(_ u: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int) {
        let width = upper - lower
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 256) { tail in
            for start in stride(from: 0, to: count, by: 256) {
                let size = min(256, count - start), u = u + start, x = x + start
                for i in 0..<size { tail[i] = -u[i].magnitude }
                let values = UnsafeMutableBufferPointer(rebasing: tail[..<size])
                ElementaryFunction.normalCDF.apply(to: .init(values), into: values)
                for i in 0..<size { x[i] = u[i] > 0 ? upper - width * tail[i] : lower + width * tail[i] }
            }
        }
    }

    public var transformCost: Int { 2 }
}
