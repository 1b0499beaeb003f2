import Expressions
import Statistics

/// The measure-valued (weak-derivative) estimator: the derivative of the density is itself a
/// difference of two densities,
///
///     ∂/∂μ: (f(μ + σw) − f(μ − σw)) / (σ √(2π)),   w Weibull(2, √2)
///     ∂/∂τ:  f(μ + σm) − f(μ + σε),                m double-sided Maxwell
///
/// (Mohamed, Rosca, Figurnov, Mnih, "Monte Carlo gradient estimation in machine learning",
/// JMLR 2020, section 6). Needs no derivative of f, and four values of it a draw.
///
/// The draws are coupled, which changes no mean and lowers the variance: w² = 2E with E
/// exponential, and m = sign(ε) √(ε² + w²). That is the double-sided Maxwell, since m² is
/// then the squared length of a normal vector in three dimensions, and both measures of τ
/// share ε with the other estimators.
final class MeasureValuedEstimator: GradientEstimator {
    let workspace: Workspace
    let evaluationsPerDraw = 4
    private let scratch: Scratch
    private let exponentials: Philox

    /// - Parameter exponentials: the stream that E comes from, index for index with ε's
    init(of f: Expression, exponentials: Philox, width: Int) {
        workspace = Workspace(f.program([.value]), width: 4 * width)
        scratch = Scratch(blocks: 4, width: width)
        self.exponentials = exponentials
    }

    func singleDrawGradients(
        _ draws: UnsafePointer<Double>, count: Int, firstIndex: UInt64,
        at parameters: GaussianParameters
    ) -> SingleDrawGradients {
        let (mu, sigma) = (parameters.mu, parameters.sigma)
        let weibull = scratch[0]
        let maxwell = scratch[1]
        ExponentialDistribution.standard.fill(
            UnsafeMutableBufferPointer(start: weibull, count: count), from: exponentials, at: firstIndex)
        VectorArithmetic.affine(0, 2, weibull, into: weibull, count: count)  // w²
        VectorArithmetic.multiply(draws, draws, into: maxwell, count: count)
        VectorArithmetic.add(maxwell, weibull, into: maxwell, count: count)
        VectorArithmetic.squareRoot(maxwell, into: maxwell, count: count)
        VectorArithmetic.copySign(magnitude: maxwell, sign: draws, into: maxwell, count: count)
        VectorArithmetic.squareRoot(weibull, into: weibull, count: count)

        // Four points a draw, in one evaluation: μ ± σw, μ + σm, μ + σε.
        let x = workspace.input(0).baseAddress!
        VectorArithmetic.affine(mu, sigma, weibull, into: x, count: count)
        VectorArithmetic.affine(mu, -sigma, weibull, into: x + count, count: count)
        VectorArithmetic.affine(mu, sigma, maxwell, into: x + 2 * count, count: count)
        VectorArithmetic.affine(mu, sigma, draws, into: x + 3 * count, count: count)
        workspace.evaluate(count: 4 * count)
        let f = workspace.output(0).baseAddress!
        VectorArithmetic.subtract(f, f + count, into: scratch[2], count: count)
        VectorArithmetic.subtract(f + 2 * count, f + 3 * count, into: scratch[3], count: count)
        let rootTwoPi = 2.5066282746310002
        return SingleDrawGradients(
            mu: scratch[2], tau: scratch[3], muScale: 1 / (sigma * rootTwoPi), tauScale: 1)
    }
}
