import Statistics

/// Draws from p(missing | known) by several chains, which somebody else advances: take a sampler, evaluate the model at
/// its chain's position, give it back where its round ends. What comes out depends on neither the order nor on who
/// does it.
///
/// A round takes every chain to the same number of evaluations, so that what is told in between is about all of them.
public struct PosteriorRun: Sendable {
    public let specification: PosteriorSpecification
    /// The chains that wait for somebody to take them to the end of the round, the next one last.
    private var waiting: [Int]
    private var samplers: [PosteriorSampler?]
    /// Chains that have come to the end of the round.
    private var arrived = 0
    /// Evaluations of each chain at the end of the round.
    public private(set) var roundEnd: Int
    /// After each round that ends at a multiple of `traceEvery`.
    public private(set) var trace: [InpaintingRun.TracePoint] = []
    /// Evaluations of each chain, all of which have come that far.
    public private(set) var iteration = 0

    /// Draws that all chains keep, about.
    private static let mostKept = 1024
    /// The length of a round where no trace is wanted.
    private static let round = 64

    public init(_ specification: PosteriorSpecification) {
        self.specification = specification
        samplers = (0..<specification.chains).map { Self.sampler($0, specification) }
        waiting = Array((0..<specification.chains).reversed())
        roundEnd = 0
        roundEnd = nextRoundEnd
    }

    private static func sampler(_ index: Int, _ specification: PosteriorSpecification) -> PosteriorSampler {
        let chain = HamiltonianChain(
            specification.image, given: specification.gaussian, range: specification.range,
            budget: specification.iterations, using: Philox(seed: specification.seed, stream: UInt64(16 + index)))
        return PosteriorSampler(
            chain, noise: specification.noise, mostKept: mostKept / specification.chains)
    }

    private var nextRoundEnd: Int {
        let length = specification.traceEvery > 0 ? specification.traceEvery : Self.round
        return min(roundEnd + length, specification.iterations)
    }

    /// Whether all chains have spent their budgets.
    public var isOver: Bool { iteration == specification.iterations }
    /// Whether there is no chain to take.
    public var isExhausted: Bool { waiting.isEmpty }

    /// A chain to advance to `roundEnd` evaluations, or for a while; nil while all are in others' hands.
    public mutating func take() -> (index: Int, sampler: PosteriorSampler)? {
        guard let index = waiting.popLast(), let sampler = samplers[index] else { return nil }
        samplers[index] = nil
        return (index, sampler)
    }

    /// Gives a chain back.
    ///
    /// - Returns: whether the round has ended, so that there is something new to tell.
    public mutating func put(_ index: Int, _ sampler: PosteriorSampler) -> Bool {
        samplers[index] = sampler
        guard sampler.chain.evaluations >= roundEnd else {
            // Behind the others, so that what is told of an interrupted run is soon about all chains.
            waiting.insert(index, at: 0)
            return false
        }
        arrived += 1
        guard arrived == samplers.count else { return false }
        arrived = 0
        iteration = roundEnd
        if specification.traceEvery > 0, iteration % specification.traceEvery == 0, let value = logLikelihood {
            trace.append(InpaintingRun.TracePoint(iteration: iteration, logLikelihood: value))
        }
        roundEnd = nextRoundEnd
        if !isOver { waiting = Array(samplers.indices.reversed()) }
        return true
    }

    /// The mean over chains of log p of their states; nil before the first round has ended.
    public var logLikelihood: Double? { mean { $0.chain.state?.logLikelihood } }
    /// The same at the start.
    public var initialLogLikelihood: Double? { mean { $0.initialLogLikelihood } }

    private func mean(_ value: (PosteriorSampler) -> Double?) -> Double? {
        let values = samplers.compactMap { $0.flatMap(value) }
        return values.count == samplers.count ? values.reduce(0, +) / Double(values.count) : nil
    }

    /// The image with the mean of the draws so far in its missing pixels; of the chains' states while there are no
    /// draws. D pixels.
    public var meanImage: [Float] { image(means) }

    /// The deviation of the draws at missing pixels, 0 at known ones. D numbers.
    public var standardDeviation: [Float] {
        let count = draws
        var values = [Float](repeating: 0, count: specification.image.count)
        guard count > 1 else { return values }
        for (j, k) in specification.gaussian.missing.enumerated() {
            let sum = samplers.reduce(0) { $0 + ($1?.sum[j] ?? 0) }
            let squares = samplers.reduce(0) { $0 + ($1?.squares[j] ?? 0) }
            let variance = (squares - sum * sum / Double(count)) / Double(count - 1)
            values[k] = Float(max(variance, 0).squareRoot())
        }
        return values
    }

    /// log p of the chains' states, in nats.
    public var logLikelihoods: [Double] { samplers.compactMap { $0?.chain.state?.logLikelihood } }

    /// Draws so far, of all chains.
    public var draws: Int { samplers.reduce(0) { $0 + ($1?.count ?? 0) } }

    /// The last draw of each chain, D pixels.
    public var images: [[Float]] { samplers.compactMap { $0?.last.map(image) } }

    private var means: [Float] {
        let found = samplers.compactMap { $0 }, count = draws
        return specification.gaussian.missing.indices.map { j in
            if count > 0 { return Float(found.reduce(0) { $0 + $1.sum[j] } / Double(count)) }
            let states = found.compactMap { $0.last?[j] }
            return states.reduce(0, +) / Float(max(states.count, 1))
        }
    }

    private func image(_ missing: [Float]) -> [Float] {
        var image = specification.image
        for (k, value) in zip(specification.gaussian.missing, missing) { image[k] = value }
        return image
    }

    /// The mean probability of acceptance since the step was fixed; nil before a trajectory has ended.
    public var acceptance: Double? {
        let count = samplers.reduce(0) { $0 + ($1?.chain.sampledTrajectories ?? 0) }
        return count > 0 ? samplers.reduce(0) { $0 + ($1?.chain.sumOfAcceptance ?? 0) } / Double(count) : nil
    }

    /// The chains' log-likelihoods, as draws.
    public var logLikelihoodChains: MarkovChains { MarkovChains(samplers.map { $0?.logLikelihoods ?? [] }) }

    /// Those of a missing pixel, by its place among them.
    public func pixelChains(_ j: Int) -> MarkovChains {
        MarkovChains(samplers.map { $0?.draws.map { Double($0[j]) } ?? [] })
    }
}
