import Expressions
import Statistics

/// An estimator's bias and variance at one point, over a fixed number of draws that all
/// estimators share.
struct Examination {
    static let drawCount = 100_000

    let kind: EstimatorKind
    let f: Expression
    /// The batch that the estimator is meant for: its blocks are what is examined.
    let batch: Int
    let seed: UInt64

    /// - Parameters:
    ///   - known: ∇_θ r, added to what is estimated
    ///   - truth: ∇_θ J, where it is known
    func diagnosis(
        at parameters: GaussianParameters, known: ComponentPair<Double>,
        truth: ComponentPair<Double>?
    ) throws(GradientError) -> EstimatorDiagnosis {
        let blocks = Blocks(Self.drawCount, widest: min(max(batch, 2), Blocks.widest))
        let estimator = kind.makeEstimator(
            of: f, exponentials: Philox(seed: seed, stream: RandomStream.diagnosisWeibull),
            width: blocks.width)
        let normals = Philox(seed: seed, stream: RandomStream.diagnosis)
        let scratch = Scratch(blocks: 1, width: blocks.width)
        defer { withExtendedLifetime(scratch) {} }
        let draws = scratch[0]
        var moments = ComponentPair(mu: BlockMoments(), tau: BlockMoments())
        for index in 0..<blocks.blockCount {
            let block = blocks[index]
            let first = UInt64(block.lowerBound)
            NormalDistribution.standard.fill(
                UnsafeMutableBufferPointer(start: draws, count: block.count), from: normals, at: first)
            let gradients = estimator.singleDrawGradients(
                draws, count: block.count, firstIndex: first, at: parameters)
            moments.mu.add(gradients.mu, count: block.count, scale: gradients.muScale)
            moments.tau.add(gradients.tau, count: block.count, scale: gradients.tauScale)
            if !(moments.mu.mean.isFinite && moments.tau.mean.isFinite) {
                if let error = estimator.failure(count: block.count) {
                    throw .undefined(parameter: "f", error)
                }
                throw .overflow(parameter: "f")
            }
        }
        return EstimatorDiagnosis(
            mu: component(moments.mu, known.mu, truth?.mu, estimator, blocks.width),
            tau: component(moments.tau, known.tau, truth?.tau, estimator, blocks.width))
    }

    private func component(
        _ moments: BlockMoments, _ known: Double, _ truth: Double?,
        _ estimator: any GradientEstimator, _ width: Int
    ) -> ComponentDiagnosis {
        let variance = moments.variance ?? 0
        // n − 1 partners in a block, each with covariance g²/(n − 1)².
        let correlation = estimator.smallestBlock > 1
            ? moments.mean * moments.mean / Double(width - 1) : 0
        let error = ((variance + correlation) / Double(moments.count)).squareRoot()
        let mean = moments.mean + known
        let bias = truth.map { mean - $0 }
        return ComponentDiagnosis(
            trueGradient: truth, mean: mean, biasZ: error > 0 ? bias.map { $0 / error } : nil,
            variance: variance)
    }
}
