/// The beta distribution on an interval: density proportional to t^(alpha − 1) (1 − t)^(beta − 1),
/// t = (x − lower)/(upper − lower).
public struct BetaDistribution: ContinuousDistribution, Hashable {
    public let alpha: Double
    public let beta: Double
    public let lower: Double
    public let upper: Double
    private let shape: IncompleteBeta

    /// - Precondition: alpha and beta above 0, lower < upper, of finite width.
    public init(alpha: Double, beta: Double, lower: Double = 0, upper: Double = 1) {
        precondition(alpha > 0 && beta > 0 && lower < upper && (upper - lower).isFinite, "positive shapes, an interval")
        self.alpha = alpha
        self.beta = beta
        self.lower = lower
        self.upper = upper
        shape = IncompleteBeta(alpha, beta)
    }

    private var width: Double { upper - lower }

    public func logDensity(_ x: Double) -> Double {
        guard !x.isNaN else { return .nan }
        guard x > lower, x < upper else { return -.infinity }
        return shape.logDensity((x - lower) / width, (upper - x) / width) - ElementaryFunction.log(width)
    }

    public func cumulativeProbability(_ x: Double) -> Double {
        guard !x.isNaN else { return .nan }
        return x <= lower ? 0 : x >= upper ? 1 : shape.lower((x - lower) / width, (upper - x) / width)
    }

    public func survivalProbability(_ x: Double) -> Double {
        guard !x.isNaN else { return .nan }
        return x <= lower ? 1 : x >= upper ? 0 : shape.mirrored.lower((upper - x) / width, (x - lower) / width)
    }

    public func quantile(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return p == 0 ? lower : p == 1 ? upper : .nan }
        return p > 0.5 ? upperQuantile(1 - p) : lower + width * shape.quantile(p)
    }

    public func upperQuantile(_ q: Double) -> Double {
        guard q > 0, q < 1 else { return q == 0 ? upper : q == 1 ? lower : .nan }
        return q > 0.5 ? quantile(1 - q) : upper - width * shape.mirrored.quantile(q)
    }

    public var mean: Double { lower + width * (alpha / (alpha + beta)) }

    public var standardDeviation: Double {
        let sum = alpha + beta
        return width * (alpha / sum * (beta / sum) / (sum + 1)).squareRoot()
    }

    public var transformCost: Int { 400 }
}
