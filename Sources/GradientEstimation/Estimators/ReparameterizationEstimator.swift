import Expressions
import Statistics

/// The reparameterization (pathwise) estimator: the draw is ε, which does not depend on θ,
///
///     ∇_θ E[f(x)] = E[∇_θ f(μ + σε)]
///     ∂/∂μ: f′(x)        ∂/∂τ: f′(x) σε
///
/// (Kingma, Welling, "Auto-encoding variational Bayes", 2014, section 2.4). Wants f
/// differentiable; a jump of f is invisible to it.
final class ReparameterizationEstimator: GradientEstimator {
    let workspace: Workspace
    private let scratch: Scratch

    init(of f: Expression, width: Int) {
        workspace = Workspace(f.program([.derivative(0)]), width: width)
        scratch = Scratch(blocks: 1, width: width)
    }

    func singleDrawGradients(
        _ draws: UnsafePointer<Double>, count: Int, firstIndex: UInt64,
        at parameters: GaussianParameters
    ) -> SingleDrawGradients {
        let slopes = values(at: draws, count: count, parameters)
        VectorArithmetic.multiply(slopes, draws, into: scratch[0], count: count)
        return SingleDrawGradients(
            mu: slopes, tau: scratch[0], muScale: 1, tauScale: parameters.sigma)
    }
}
