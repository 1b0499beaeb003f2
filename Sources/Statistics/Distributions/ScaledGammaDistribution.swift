/// The gamma distribution of any scale.
public struct ScaledGammaDistribution: ContinuousDistribution, Hashable {
    public let shape: Double
    public let scale: Double
    private let standard: GammaDistribution

    /// - Precondition: both above 0.
    public init(shape: Double, scale: Double) {
        precondition(shape > 0 && scale > 0, "a positive shape and scale")
        self.shape = shape
        self.scale = scale
        standard = GammaDistribution(shape: shape)
    }

    public func logDensity(_ x: Double) -> Double {
        guard x > 0 else { return x.isNaN ? .nan : x == 0 && shape == 1 ? -ElementaryFunction.log(scale) : -.infinity }
        let z = x / scale
        return (shape - 1) * ElementaryFunction.log(z) - z - logGamma(shape) - ElementaryFunction.log(scale)
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        x.isNaN ? .nan : standard.tails(x / scale).lower
    }

    public func survivalProbability(_ x: Double) -> Double {
        x.isNaN ? .nan : standard.tails(x / scale).upper
    }

    public func quantile(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return p == 0 ? 0 : p == 1 ? .infinity : .nan }
        return p > 0.5 ? upperQuantile(1 - p) : scale * standard.quantile(ofTail: p, upper: false)
    }

    public func upperQuantile(_ q: Double) -> Double {
        guard q > 0, q < 1 else { return q == 0 ? .infinity : q == 1 ? 0 : .nan }
        return q > 0.5 ? quantile(1 - q) : scale * standard.quantile(ofTail: q, upper: true)
    }

    public var mean: Double { shape * scale }

    public var standardDeviation: Double { shape.squareRoot() * scale }

    public var transformCost: Int { 200 }
}

extension GammaDistribution {
    /// P(X ≤ x) and P(X > x), each accurate relative to itself where it is the smaller.
    func tails(_ x: Double) -> (lower: Double, upper: Double) {
        guard x > 0 else { return (0, 1) }
        guard x < .infinity else { return (1, 0) }
        if x < shape + 1 {
            let lower = min(lowerTail(x), 1)
            return (lower, 1 - lower)
        }
        let upper = min(upperTail(x), 1)
        return (1 - upper, upper)
    }

    /// The x whose lower or upper tail has probability p ≤ ½.
    func quantile(ofTail p: Double, upper: Bool) -> Double {
        // Wilson and Hilferty's cube root is nearly normal; near 0 the series' first term.
        let z = NormalDistribution.standard.quantile(p) * (upper ? -1 : 1)
        let c = 1 / (9 * shape), cube = 1 - c + z * c.squareRoot()
        let start =
            cube > 0.2
            ? ElementaryFunction.log(shape * cube * cube * cube)
            : (ElementaryFunction.log(p) + logGamma(shape + 1)) / shape
        // Below −745 the logarithm's x is 0.
        guard upper || start > -744 else { return 0 }
        let high = ElementaryFunction.log(shape + 1000 + 60 * shape.squareRoot())
        let log = TailQuantile.solve(p, from: min(start, high), in: -745...high, increasing: !upper) { y in
            let x = ElementaryFunction.exp(y), tails = tails(x)
            let slope = ElementaryFunction.exp(shape * y - x - logGamma(shape))
            return (upper ? tails.upper : tails.lower, slope)
        }
        return ElementaryFunction.exp(log)
    }
}
