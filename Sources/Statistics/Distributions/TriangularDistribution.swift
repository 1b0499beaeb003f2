/// The distribution whose density rises in a line from `lower` to `mode`, and falls in a line to `upper`.
public struct TriangularDistribution: ContinuousDistribution, Hashable {
    public let lower: Double
    public let mode: Double
    public let upper: Double

    /// - Precondition: lower ≤ mode ≤ upper, lower < upper, of finite width.
    public init(lower: Double, mode: Double, upper: Double) {
        precondition(lower <= mode && mode <= upper && lower < upper && (upper - lower).isFinite, "an ordered triple")
        self.lower = lower
        self.mode = mode
        self.upper = upper
    }

    private var width: Double { upper - lower }

    public func logDensity(_ x: Double) -> Double {
        guard !x.isNaN else { return .nan }
        guard x >= lower, x <= upper else { return -.infinity }
        let height = x < mode ? (x - lower) / (mode - lower) : x > mode ? (upper - x) / (upper - mode) : 1
        return ElementaryFunction.log(2 * height / width)
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        guard x < mode else { return x.isNaN ? .nan : 1 - survivalProbability(x) }
        return x > lower ? (x - lower) / width * ((x - lower) / (mode - lower)) : 0
    }

    public func survivalProbability(_ x: Double) -> Double {
        guard x >= mode else { return x.isNaN ? .nan : 1 - cumulativeProbability(x) }
        return x < upper ? (upper - x) / width * ((upper - x) / (upper - mode)) : 0
    }

    public func quantile(_ p: Double) -> Double {
        guard p >= 0, p <= 1 else { return .nan }
        // P(X ≤ mode).
        guard p <= (mode - lower) / width else {
            return upper - ((1 - p) * (upper - mode)).squareRoot() * width.squareRoot()
        }
        return lower + (p * (mode - lower)).squareRoot() * width.squareRoot()
    }

    public func upperQuantile(_ q: Double) -> Double {
        guard q >= 0, q <= 1 else { return .nan }
        guard q <= (upper - mode) / width else {
            return lower + ((1 - q) * (mode - lower)).squareRoot() * width.squareRoot()
        }
        return upper - (q * (upper - mode)).squareRoot() * width.squareRoot()
    }

    public var mean: Double { lower / 3 + mode / 3 + upper / 3 }

    public var standardDeviation: Double {
        let a = mode - lower, b = upper - mode
        return ((a * a + a * b + b * b) / 18).squareRoot()
    }
}
