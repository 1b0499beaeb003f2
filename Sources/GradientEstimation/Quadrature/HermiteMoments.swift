/// c_k = E[f(μ + σε) He_k(ε)], k = 0 … 4, with the Hermite polynomials He_k of the standard
/// normal. They hold E[f] and all its first and second derivatives in θ = (μ, τ), without a
/// derivative of f, so for kinks and jumps too:
///
///     ∂c_k/∂μ = c_{k+1}/σ        ∂c_k/∂τ = c_{k+2} + k c_k
///
/// (Stein's identity, with ε He_k = He_{k+1} + k He_{k−1}).
package struct HermiteMoments: Hashable {
    package let c: [Double]

    static let count = 5

    init(_ c: [Double]) {
        precondition(c.count == Self.count, "moments 0 to 4")
        self.c = c
    }

    var mean: Double { c[0] }

    /// ∇_θ E[f].
    func gradient(sigma: Double) -> ComponentPair<Double> {
        ComponentPair(mu: c[1] / sigma, tau: c[2])
    }

    /// ∂²E[f]/∂μ², ∂²/∂μ∂τ, ∂²/∂τ².
    func hessian(sigma: Double) -> (mu: Double, mixed: Double, tau: Double) {
        (c[2] / (sigma * sigma), c[3] / sigma, c[4] + 2 * c[2])
    }

    /// He_0(x) … He_4(x).
    static func polynomials(_ x: Double) -> (Double, Double, Double, Double, Double) {
        let square = x * x
        return (1, x, square - 1, x * (square - 3), square * (square - 6) + 3)
    }
}
