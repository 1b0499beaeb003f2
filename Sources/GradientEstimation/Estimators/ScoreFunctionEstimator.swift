import Expressions
import Statistics

/// The score-function (log-derivative, REINFORCE) estimator:
///
///     ∇_θ E[f(x)] = E[f(x) ∇_θ log q_θ(x)],  x = μ + σε
///     ∂/∂μ: f(x) ε/σ        ∂/∂τ: f(x) (ε² − 1)
///
/// Needs no derivative of f, and pays for it in variance (Williams, "Simple statistical
/// gradient-following algorithms", 1992, section 3).
final class ScoreFunctionEstimator: GradientEstimator {
    let workspace: Workspace
    private let scratch: Scratch

    init(of f: Expression, width: Int) {
        workspace = Workspace(f.program([.value]), width: width)
        scratch = Scratch(blocks: 2, width: width)
    }

    func singleDrawGradients(
        _ draws: UnsafePointer<Double>, count: Int, firstIndex: UInt64,
        at parameters: GaussianParameters
    ) -> SingleDrawGradients {
        scoreGradients(
            values(at: draws, count: count, parameters), draws, scratch, count, sigma: parameters.sigma)
    }
}

/// w ε/σ and w (ε² − 1) for each draw: weights times the Gaussian's score.
func scoreGradients(
    _ weights: UnsafePointer<Double>, _ draws: UnsafePointer<Double>, _ scratch: Scratch,
    _ count: Int, sigma: Double, scale: Double = 1
) -> SingleDrawGradients {
    let mu = scratch[0]
    let tau = scratch[1]
    VectorArithmetic.multiply(weights, draws, into: mu, count: count)
    VectorArithmetic.multiply(mu, draws, into: tau, count: count)
    VectorArithmetic.subtract(tau, weights, into: tau, count: count)
    return SingleDrawGradients(mu: mu, tau: tau, muScale: scale / sigma, tauScale: scale)
}
