import Expressions
import Statistics

/// One estimator's descent: θ ← θ − η ∇J(θ), the gradient estimated from a batch.
final class Descent {
    let kind: EstimatorKind
    private let estimator: any GradientEstimator
    private let regularizer: Regularizer
    private let blocks: Blocks
    private let specification: GradientSpecification

    private(set) var parameters: GaussianParameters
    /// The points that θ has been at, the present one not counted.
    private(set) var iteration = 0
    private(set) var trace = GradientTrace()
    private(set) var failure: GradientError?

    init(_ kind: EstimatorKind, _ specification: GradientSpecification) {
        self.kind = kind
        self.specification = specification
        blocks = Blocks(specification.batch)
        estimator = kind.makeEstimator(
            of: specification.f, exponentials: Philox(seed: specification.seed, stream: RandomStream.weibull),
            width: blocks.width)
        regularizer = Regularizer(specification.r)
        parameters = specification.start
        let kept = specification.iterations / specification.every + 2
        trace.iterations.reserveCapacity(kept)
        trace.mu.reserveCapacity(kept)
        trace.sigma.reserveCapacity(kept)
        trace.gradientVariance.mu.reserveCapacity(kept)
        trace.gradientVariance.tau.reserveCapacity(kept)
    }

    /// Goes on for some iterations, each with its batch of `draws`, until the end or a failure.
    /// The last batch of a run moves nothing: it measures the gradient's variance at the end.
    func run(_ draws: UnsafePointer<Double>, batches: Int) {
        guard failure == nil else { return }
        do {
            for i in 0..<batches where iteration <= specification.iterations {
                try step(draws + i * specification.batch)
            }
        } catch {
            failure = error
        }
    }

    private func step(_ draws: UnsafePointer<Double>) throws(GradientError) {
        let isLast = iteration == specification.iterations
        let isKept = isLast || iteration % specification.every == 0
        var sum = ComponentPair(mu: 0.0, tau: 0.0)
        var moments = ComponentPair(mu: BlockMoments(), tau: BlockMoments())
        for index in 0..<blocks.blockCount {
            let block = blocks[index]
            let gradients = estimator.singleDrawGradients(
                draws + block.lowerBound, count: block.count,
                firstIndex: UInt64(iteration * specification.batch + block.lowerBound), at: parameters)
            let mu = VectorArithmetic.sum(gradients.mu, count: block.count) * gradients.muScale
            let tau = VectorArithmetic.sum(gradients.tau, count: block.count) * gradients.tauScale
            // A sum is finite only if its terms are: one look covers the block.
            if !(mu.isFinite && tau.isFinite) {
                if let error = estimator.failure(count: block.count) {
                    throw .undefined(parameter: "f", error)
                }
                throw .overflow(parameter: "f", place: specification.start)
            }
            sum.mu += mu
            sum.tau += tau
            if isKept {
                moments.mu.add(gradients.mu, count: block.count, scale: gradients.muScale)
                moments.tau.add(gradients.tau, count: block.count, scale: gradients.tauScale)
            }
        }
        if isKept { record(moments) }
        iteration += 1
        if isLast { return }
        let known: ComponentPair<Double>
        do { known = try regularizer.gradient(at: parameters) } catch {
            throw .undefined(parameter: "r", error)
        }
        let batch = Double(specification.batch)
        let rate = specification.learningRate
        parameters = parameters.moved(
            mu: -rate * (sum.mu / batch + known.mu), tau: -rate * (sum.tau / batch + known.tau))
        if !parameters.isProper {
            throw .diverged(estimator: kind, iteration: iteration, start: specification.start)
        }
    }

    private func record(_ moments: ComponentPair<BlockMoments>) {
        trace.iterations.append(iteration)
        trace.mu.append(parameters.mu)
        trace.sigma.append(parameters.sigma)
        trace.gradientVariance.mu.append(moments.mu.variance)
        trace.gradientVariance.tau.append(moments.tau.variance)
    }
}
