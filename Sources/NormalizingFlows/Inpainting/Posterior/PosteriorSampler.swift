import Statistics

/// A chain together with what it has found: the sums and some of the draws.
///
/// A model of images with noise of deviation σ gives draws y of a noisy image. What is kept of each is
/// E[x | y] = y + σ² ∇ log p(y), the image without its noise (Robbins, "An empirical Bayes approach to statistics", 1956;
/// Saremi, Hyvärinen, "Neural empirical Bayes", 2019): its mean over draws is the mean of x, with a smaller error than
/// that of y.
public struct PosteriorSampler: Sendable {
    public private(set) var chain: HamiltonianChain
    /// The missing pixels of the draws that were kept, in order, and log p of their noisy images.
    public private(set) var draws: [[Float]] = []
    public private(set) var logLikelihoods: [Double] = []
    /// The last draw; before the first, the chain's state.
    public private(set) var last: [Float]?
    /// log p at the start, in nats; nil before the first evaluation.
    public private(set) var initialLogLikelihood: Double?
    /// Σ over draws of each missing pixel and of its square, and how many.
    public private(set) var sum: [Double], squares: [Double]
    public private(set) var count = 0
    private let variance: Float
    private let clamps: Bool
    /// Each how manieth draw is kept.
    private let thinning: Int

    /// - Parameters:
    ///   - noise: σ, 0 for a model of images as they are.
    ///   - mostKept: draws that are kept, about; at least 4.
    init(_ chain: HamiltonianChain, noise: Double, mostKept: Int) {
        self.chain = chain
        variance = Float(noise * noise)
        clamps = noise > 0
        sum = Array(repeating: 0, count: chain.missingPixels)
        squares = sum
        thinning = max(1, chain.budget / 2 / HamiltonianChain.leapfrogSteps / max(mostKept, 4))
    }

    /// Takes what the model says of the chain's position; nil where it left the range of single precision.
    public mutating func absorb(_ evaluation: HamiltonianChain.Evaluation?) {
        let isDraw = chain.absorb(evaluation)
        guard let state = chain.state else { return }
        if initialLogLikelihood == nil { initialLogLikelihood = state.logLikelihood }
        guard isDraw || last == nil else { return }
        let pixels = image(state)
        last = pixels
        guard isDraw else { return }
        for k in pixels.indices {
            sum[k] += Double(pixels[k])
            squares[k] += Double(pixels[k]) * Double(pixels[k])
        }
        if count % thinning == 0 {
            draws.append(pixels)
            logLikelihoods.append(state.logLikelihood)
        }
        count += 1
    }

    private func image(_ state: HamiltonianChain.State) -> [Float] {
        guard clamps else { return state.pixels }
        return zip(state.pixels, state.slope).map { min(max($0 + variance * $1, 0), 1) }
    }
}
