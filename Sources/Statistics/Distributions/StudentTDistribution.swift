/// Student's t distribution, moved and stretched.
public struct StudentTDistribution: ContinuousDistribution, Hashable {
    public let degreesOfFreedom: Double
    public let location: Double
    public let scale: Double
    private let tail: IncompleteBeta

    /// - Precondition: degrees of freedom and scale above 0.
    public init(degreesOfFreedom: Double, location: Double = 0, scale: Double = 1) {
        precondition(degreesOfFreedom > 0 && scale > 0, "positive degrees of freedom and scale")
        self.degreesOfFreedom = degreesOfFreedom
        self.location = location
        self.scale = scale
        tail = IncompleteBeta(degreesOfFreedom / 2, 0.5)
    }

    public func logDensity(_ x: Double) -> Double {
        let z = (x - location) / scale, n = degreesOfFreedom
        // ½ log π.
        let constant =
            logGamma((n + 1) / 2) - logGamma(n / 2) - 0.572_364_942_924_700_09 - ElementaryFunction.log(n) / 2
        return constant - (n + 1) / 2 * ElementaryFunction.log1p(z * z / n) - ElementaryFunction.log(scale)
    }

    public func cumulativeProbability(_ x: Double) -> Double { below((x - location) / scale) }

    public func survivalProbability(_ x: Double) -> Double { below((location - x) / scale) }

    /// P(T ≤ t) = ½ I_{n/(n + t²)}(n/2, ½) for t ≤ 0.
    private func below(_ t: Double) -> Double {
        guard !t.isNaN else { return .nan }
        guard t <= 0 else { return 1 - below(-t) }
        let n = degreesOfFreedom, square = t * t
        guard square < .infinity else { return 0 }
        return 0.5 * tail.lower(n / (n + square), square / (n + square))
    }

    public func quantile(_ p: Double) -> Double { location + scale * standardQuantile(p) }

    public func upperQuantile(_ q: Double) -> Double { location - scale * standardQuantile(q) }

    private func standardQuantile(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
        if p > 0.5 { return -standardQuantile(1 - p) }
        if p == 0.5 { return 0 }
        let n = degreesOfFreedom
        if p > 0.25 {
            // Near the centre from ½ − p, which is exact there: the density is nearly constant.
            let half = TailQuantile.solve(0.5 - p, from: (0.5 - p) * 2.5, in: 0...2, increasing: true) { t in
                let square = t * t
                let middle = 0.5 * tail.mirrored.lower(square / (n + square), n / (n + square))
                return (middle, ElementaryFunction.exp(StudentTDistribution(degreesOfFreedom: n).logDensity(t)))
            }
            return -half
        }
        // I_w(n/2, ½) = 2p, w = n/(n + t²).
        let w = tail.quantile(2 * p)
        guard w > 0 else { return -.infinity }
        return -(n * ((1 - w) / w)).squareRoot()
    }

    public var mean: Double { degreesOfFreedom > 1 ? location : .nan }

    public var standardDeviation: Double {
        degreesOfFreedom > 2
            ? scale * (degreesOfFreedom / (degreesOfFreedom - 2)).squareRoot() : degreesOfFreedom > 1 ? .infinity : .nan
    }

    public var transformCost: Int { 400 }
}
