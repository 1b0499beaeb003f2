import Expressions
import Statistics

/// An estimator's bias and variance at one point, over a fixed number of draws that all
/// estimators share: `advance` until `isFinished`, then take the diagnosis.
final class Examination {
    static let drawCount = 100_000

    private let estimator: any GradientEstimator
    private let place: Place
    private let blocks: Blocks
    private let normals: Philox
    private let scratch: Scratch
    private var blocksDone = 0
    private var moments = ComponentPair(mu: BlockMoments(), tau: BlockMoments())
    private(set) var failure: GradientError?

    /// Where to examine, and what is known there.
    struct Place {
        let parameters: GaussianParameters
        /// ∇_θ r, added to what is estimated.
        let known: ComponentPair<Double>
        /// ∇_θ J, where it can be had.
        let truth: TrueGradient?
    }

    /// The batch of the specification is what the estimator is meant for: its blocks are what is examined.
    init(_ kind: EstimatorKind, of specification: GradientSpecification, at place: Place) {
        self.place = place
        blocks = Blocks(Self.drawCount, widest: min(max(specification.batch, 2), Blocks.widest))
        estimator = kind.makeEstimator(
            of: specification.f,
            exponentials: Philox(seed: specification.seed, stream: RandomStream.diagnosisWeibull),
            width: blocks.width)
        normals = Philox(seed: specification.seed, stream: RandomStream.diagnosis)
        scratch = Scratch(blocks: 1, width: blocks.width)
    }

    var isFinished: Bool { blocksDone == blocks.blockCount }

    /// Goes on by about so many draws, or to the end or a failure.
    func advance(draws: Int) {
        let end = min(blocks.blockCount, blocksDone + max(1, draws / blocks.width))
        while blocksDone < end && failure == nil {
            add(blocks[blocksDone])
            blocksDone += 1
        }
    }

    private func add(_ block: Range<Int>) {
        let first = UInt64(block.lowerBound)
        NormalDistribution.standard.fill(
            UnsafeMutableBufferPointer(start: scratch[0], count: block.count), from: normals, at: first)
        let gradients = estimator.singleDrawGradients(
            scratch[0], count: block.count, firstIndex: first, at: place.parameters)
        moments.mu.add(gradients.mu, count: block.count, scale: gradients.muScale)
        moments.tau.add(gradients.tau, count: block.count, scale: gradients.tauScale)
        if !(moments.mu.mean.isFinite && moments.tau.mean.isFinite) {
            failure =
                estimator.failure(count: block.count).map { .undefined(parameter: "f", $0) }
                ?? .overflow(parameter: "f", place: place.parameters)
        }
    }

    /// - Precondition: it is finished, without a failure.
    var diagnosis: EstimatorDiagnosis {
        precondition(isFinished && failure == nil, "a diagnosis is of all the draws")
        let (known, truth) = (place.known, place.truth)
        return EstimatorDiagnosis(
            mu: component(moments.mu, known.mu, truth.map { ($0.value.mu, $0.rounding.mu) }),
            tau: component(moments.tau, known.tau, truth.map { ($0.value.tau, $0.rounding.tau) }))
    }

    private func component(
        _ moments: BlockMoments, _ known: Double, _ truth: (value: Double, rounding: Double)?
    ) -> ComponentDiagnosis {
        let variance = moments.variance ?? 0
        // n − 1 partners in a block, each with covariance g²/(n − 1)².
        let correlation =
            estimator.smallestBlock > 1
            ? moments.mean * moments.mean / Double(blocks.width - 1) : 0
        let error = ((variance + correlation) / Double(moments.count)).squareRoot()
        let mean = moments.mean + known
        var biasZ: Double?
        if let truth, error > 0 {
            let bias = mean - truth.value, rounding = truth.rounding + TrueGradient.precision * abs(known)
            // Where both are rounding alone, their quotient says nothing.
            if max(abs(bias), error) > rounding { biasZ = bias / error }
        }
        return ComponentDiagnosis(trueGradient: truth?.value, mean: mean, biasZ: biasZ, variance: variance)
    }
}
