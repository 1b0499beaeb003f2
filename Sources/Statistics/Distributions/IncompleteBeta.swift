/// I_t(a, b), the regularized incomplete beta function: a power's prefactor times Lentz's continued fraction (Abramowitz,
/// Stegun, 26.5.8), of O(√max(a, b)) terms, on the side of the mean where it converges fast.
struct IncompleteBeta: Hashable, Sendable {
    let a: Double
    let b: Double
    private let logBeta: Double

    init(_ a: Double, _ b: Double) {
        self.a = a
        self.b = b
        logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
    }

    /// I_{1−t}(b, a) = 1 − I_t(a, b).
    var mirrored: IncompleteBeta { IncompleteBeta(b, a) }

    /// Log of t^(a−1) s^(b−1)/B(a, b), s = 1 − t.
    func logDensity(_ t: Double, _ s: Double) -> Double {
        (a - 1) * ElementaryFunction.log(t) + (b - 1) * ElementaryFunction.log(s) - logBeta
    }

    /// I_t(a, b), given s = 1 − t with its own digits; accurate relative to itself below the mean.
    func lower(_ t: Double, _ s: Double) -> Double {
        guard t > 0 else { return 0 }
        guard s > 0 else { return 1 }
        if t > (a + 1) / (a + b + 2) { return 1 - min(mirrored.tail(s, t), 1) }
        return min(tail(t, s), 1)
    }

    private func tail(_ t: Double, _ s: Double) -> Double {
        let prefactor = ElementaryFunction.exp(
            a * ElementaryFunction.log(t) + b * ElementaryFunction.log(s) - logBeta)
        return prefactor * fraction(t) / a
    }

    private func fraction(_ t: Double) -> Double {
        var c = 1.0, d = 1 / nonzero(1 - (a + b) * t / (a + 1)), h = d
        for i in 1..<100_000 {
            let m = Double(i)
            let even = m * (b - m) * t / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / nonzero(1 + even * d)
            c = nonzero(1 + even / c)
            h *= d * c
            let odd = -(a + m) * (a + b + m) * t / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / nonzero(1 + odd * d)
            c = nonzero(1 + odd / c)
            h *= d * c
            if (d * c - 1).magnitude < 1e-16 { break }
        }
        return h
    }

    private func nonzero(_ x: Double) -> Double { x.magnitude < 1e-300 ? 1e-300 : x }

    /// The t with I_t(a, b) = p ≤ ½, relative to itself; solved in log t.
    func quantile(_ p: Double) -> Double {
        // Below, I_t is t^a/(a B) to the last digit, and t itself would be 0.
        let power = (ElementaryFunction.log(p) + ElementaryFunction.log(a) + logBeta) / a
        guard power > -744 else { return 0 }
        let mean = ElementaryFunction.log(a / (a + b))
        let logarithm = TailQuantile.solve(p, from: min(power, mean), in: -745...0, increasing: true) { y in
            let t = ElementaryFunction.exp(y), s = -ElementaryFunction.expm1(y)
            guard s > 0 else { return (1, 0) }
            return (lower(t, s), ElementaryFunction.exp(logDensity(t, s) + y))
        }
        return ElementaryFunction.exp(logarithm)
    }
}
