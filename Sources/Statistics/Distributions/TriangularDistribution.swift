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
        Self.rising(x - lower, rise: mode - lower, fall: upper - mode)
    }

    public func survivalProbability(_ x: Double) -> Double {
        Self.rising(upper - x, rise: upper - mode, fall: mode - lower)
    }

    public func quantile(_ p: Double) -> Double {
        p > 0.5
            ? upper - Self.inverse(1 - p, rise: upper - mode, fall: mode - lower)
            : lower + Self.inverse(p, rise: mode - lower, fall: upper - mode)
    }

    public func upperQuantile(_ q: Double) -> Double {
        q > 0.5
            ? lower + Self.inverse(1 - q, rise: mode - lower, fall: upper - mode)
            : upper - Self.inverse(q, rise: upper - mode, fall: mode - lower)
    }

    /// The probability of being at most t from the end where the density begins to rise over `rise`, to fall over `fall`.
    private static func rising(_ t: Double, rise: Double, fall: Double) -> Double {
        let width = rise + fall
        guard t > 0 else { return t.isNaN ? .nan : 0 }
        guard t < width else { return 1 }
        if t <= rise { return t / width * (t / rise) }
        let s = t - rise
        return rise / width + s / width * ((2 * fall - s) / fall)
    }

    /// The t at which `rising` is p.
    private static func inverse(_ p: Double, rise: Double, fall: Double) -> Double {
        guard p >= 0, p <= 1 else { return .nan }
        let width = rise + fall, beyond = p - rise / width
        guard beyond > 0 else { return (p * rise).squareRoot() * width.squareRoot() }
        let product = beyond * width
        return rise + product / (1 + max(1 - product / fall, 0).squareRoot())
    }

    public var mean: Double { lower / 3 + mode / 3 + upper / 3 }

    public var standardDeviation: Double {
        let a = mode - lower, b = upper - mode
        return ((a * a + a * b + b * b) / 18).squareRoot()
    }
}
