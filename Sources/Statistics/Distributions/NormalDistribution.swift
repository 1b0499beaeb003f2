/// The normal distribution.
public struct NormalDistribution: Distribution, Hashable {
    public let mean: Double
    public let standardDeviation: Double

    public static let standard = NormalDistribution(mean: 0, standardDeviation: 1)

    public init(mean: Double, standardDeviation: Double) {
        precondition(standardDeviation > 0, "a positive standard deviation")
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    public func logDensity(_ x: Double) -> Double {
        let z = (x - mean) / standardDeviation
        // ½ log 2π.
        return -0.5 * z * z - ElementaryFunction.log(standardDeviation) - 0.918_938_533_204_672_74
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        ElementaryFunction.normalCDF((x - mean) / standardDeviation)
    }

    public func quantile(_ p: Double) -> Double {
        mean + standardDeviation * Self.standardQuantile(p)
    }

    /// Within 4 ulp for p ≥ 10⁻³⁰⁷; below, to the spacing of the subnormal p themselves.
    ///
    /// A rational approximation to 4.5·10⁻⁴ (Abramowitz, Stegun, 26.2.23), then two of
    /// Halley's steps, each of which cubes the error.
    private static func standardQuantile(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
        // 1 − p is exact here.
        if p > 0.5 { return -standardQuantile(1 - p) }
        let t = (-2 * ElementaryFunction.log(p)).squareRoot()
        let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
        let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
        var x = numerator / denominator - t
        for _ in 0..<2 {
            let density = ElementaryFunction.exp(-0.5 * x * x) * 0.398_942_280_401_432_68
            let step = excess(of: x, over: p) / density
            x -= step / (1 + 0.5 * x * step)
        }
        return x
    }

    /// Φ(x) − p. Near the centre by way of erf and 2p − 1, which is exact there: the
    /// difference of two numbers near ½ would leave no digits of an x near 0.
    private static func excess(of x: Double, over p: Double) -> Double {
        guard p >= 0.25 else { return ElementaryFunction.normalCDF(x) - p }
        return 0.5 * (ElementaryFunction.erf(x * 0.5.squareRoot()) - (2 * p - 1))
    }
}
