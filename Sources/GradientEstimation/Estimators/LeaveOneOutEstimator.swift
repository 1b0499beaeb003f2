import Expressions
import Statistics

/// The score-function estimator with a leave-one-out baseline: from each draw's value the
/// mean of the others' is taken, which is independent of it and so costs no bias,
///
///     ∂/∂μ: (f(xᵢ) − f̄₋ᵢ) εᵢ/σ        ∂/∂τ: (f(xᵢ) − f̄₋ᵢ) (εᵢ² − 1)
///     f(xᵢ) − f̄₋ᵢ = n/(n − 1) (f(xᵢ) − f̄)
///
/// (Kool, van Hoof, Welling, "Buy 4 REINFORCE samples, get a baseline for free!", 2019,
/// equation 8). n is the block: a batch, or a thousand draws of a larger one. Within a block
/// two draws' gradients have covariance g²/(n − 1)², with g the gradient.
final class LeaveOneOutEstimator: GradientEstimator {
    let workspace: Workspace
    let smallestBlock = 2
    private let scratch: Scratch

    init(of f: Expression, width: Int) {
        workspace = Workspace(f.program([.value]), width: width)
        scratch = Scratch(blocks: 3, width: width)
    }

    func singleDrawGradients(
        _ draws: UnsafePointer<Double>, count: Int, firstIndex: UInt64,
        at parameters: GaussianParameters
    ) -> SingleDrawGradients {
        precondition(count >= smallestBlock, "one draw leaves none for its baseline")
        // Taking the first value off first keeps a large constant in f from blurring the rest,
        // and gives f = constant a gradient of exactly zero.
        let values = self.values(at: draws, count: count, parameters)
        let centered = scratch[2]
        VectorArithmetic.affine(-values[0], 1, values, into: centered, count: count)
        let mean = VectorArithmetic.sum(centered, count: count) / Double(count)
        VectorArithmetic.affine(-mean, 1, centered, into: centered, count: count)
        return scoreGradients(
            centered, draws, scratch, count, sigma: parameters.sigma,
            scale: Double(count) / Double(count - 1))
    }
}
