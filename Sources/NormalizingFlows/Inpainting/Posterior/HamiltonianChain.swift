import Statistics

/// One chain of Hamiltonian Monte Carlo over the missing pixels of an image (Neal, "MCMC using Hamiltonian dynamics",
/// 2011), a gradient evaluation at a time and without a model of its own: evaluate `position` and hand log p and its
/// gradient to `absorb`, until `isOver`.
///
/// It moves w in q = μ + U⁻¹ w, where q are the missing pixels and U⁻¹ U⁻ᵀ is about their covariance given the known ones
/// (`PosteriorGaussian`): in these coordinates all directions are about as wide, so that one step suits them all. Where pixels are confined to
/// 0…1, w moves freely and q is folded back (`PixelRange`): the density continued by mirrors is even and periodic, so
/// each image in 0…1 keeps its probability, and a trajectory that meets a mirror has been reflected.
///
/// During the first half of the budget the step adapts, and the density goes from the normal distribution that the chain
/// starts from, N, to the model's by N^(1−β) p^β, β rising to 1: what is possible shrinks slowly to what is likely, so that
/// chains come to each mode as often as it deserves. Then both are fixed, and the chain leaves p(missing | known)
/// invariant: leapfrog steps are reversible and keep volumes, and the end of a trajectory is accepted by Metropolis's
/// rule.
public struct HamiltonianChain: Sendable {
    /// Leapfrog steps, and so gradient evaluations, of a trajectory.
    public static let leapfrogSteps = 8
    /// The probability of acceptance that the step adapts to.
    static let wantedAcceptance = 0.8
    private static let firstStep = 0.15

    /// What an evaluation of the model says of a point.
    public struct Evaluation: Sendable {
        /// log p in nats.
        public let logLikelihood: Double
        /// ∂ log p / ∂x, D entries.
        public let gradient: [Float]

        public init(logLikelihood: Double, gradient: [Float]) {
            self.logLikelihood = logLikelihood
            self.gradient = gradient
        }
    }

    /// A point of the chain.
    public struct State: Sendable {
        /// The missing pixels.
        public fileprivate(set) var pixels: [Float]
        /// ∂ log p / ∂ pixels.
        public fileprivate(set) var slope: [Float]
        /// log p of the whole image, in nats.
        public fileprivate(set) var logLikelihood: Double
        /// w, and ∂ log p / ∂w.
        fileprivate var place: [Double], placeSlope: [Double]
    }

    /// The point to evaluate, D pixels.
    public private(set) var position: [Float]
    /// The last draw; nil before the first evaluation, and where that one was nil.
    public private(set) var state: State?
    /// Gradient evaluations so far, and at most.
    public private(set) var evaluations = 0
    public let budget: Int
    /// Trajectories since the step stopped adapting, and the sum of their probabilities of acceptance.
    public private(set) var sampledTrajectories = 0
    public private(set) var sumOfAcceptance = 0.0

    private let gaussian: PosteriorGaussian
    /// μ.
    private let mean: [Double]
    private let range: PixelRange
    private var logStep = ElementaryFunction.log(firstStep)
    private var adaptations = 0
    private let normals, uniforms: Philox
    private var trajectories: UInt64 = 0
    /// Of the trajectory under way: where it is, and its momentum, in the coordinates of w.
    private var place: [Double], momentum: [Double] = []
    private var step = 0.0
    private var stepsLeft = 0
    private var startEnergy = 0.0
    /// β of the trajectory.
    private var share = 1.0
    private var signs: [Double]
    /// Whether the trajectory began after the step was fixed.
    private var beganSampling = false

    /// - Parameters:
    ///   - image: D pixels, of which the known ones stay as they are.
    ///   - gaussian: of the missing pixels given the known ones.
    ///   - budget: gradient evaluations, at least 1.
    ///   - randomness: the chain's own stream, below 2⁶³. The first image is a draw of it, folded into the range.
    public init(
        _ image: [Float], given gaussian: PosteriorGaussian, range: PixelRange, budget: Int, using randomness: Philox
    ) {
        precondition(budget >= 1)
        position = image
        self.gaussian = gaussian
        mean = gaussian.mean(given: image)
        self.range = range
        self.budget = budget
        normals = randomness
        uniforms = Philox(seed: randomness.seed, stream: randomness.stream | 1 << 63)
        signs = Array(repeating: 1, count: gaussian.missing.count)
        place = Self.draws(gaussian.missing.count, from: normals, number: 0)
        trajectories = 1
        move()
    }

    /// d.
    public var missingPixels: Int { gaussian.missing.count }
    /// Whether the budget is spent.
    public var isOver: Bool { evaluations >= budget }
    /// Whether the step has stopped adapting, so that the trajectories that end are draws.
    public var isSampling: Bool { evaluations > budget / 2 }

    /// Takes log p and its gradient at `position`; nil where a number on the way left the range of single
    /// precision: a trajectory that comes there is refused.
    ///
    /// - Returns: whether a trajectory has ended while the step was fixed: `state` is a draw then.
    public mutating func absorb(_ evaluation: Evaluation?) -> Bool {
        evaluations += 1
        guard state != nil else {
            if let evaluation {
                state = point(evaluation)
                begin()
            }
            return false
        }
        guard let evaluation else { return end(nil, probability: 0) }
        let point = point(evaluation)
        stepsLeft -= 1
        kick(by: point, stepsLeft > 0 ? step : step / 2)
        if stepsLeft > 0 {
            drift()
            return false
        }
        let change = startEnergy - kineticEnergy + logDensity(point)
        return end(point, probability: change.isNaN ? 0 : ElementaryFunction.exp(min(change, 0)))
    }
}

extension HamiltonianChain {
    /// The step, in the coordinates of w.
    public var stepSize: Double { ElementaryFunction.exp(logStep) }

    private static func draws(_ count: Int, from normals: Philox, number: UInt64) -> [Double] {
        NormalDistribution.standard.draws(count, from: normals, at: number * UInt64(count))
    }

    /// What the evaluation says of `place`.
    private func point(_ evaluation: Evaluation) -> State {
        let missing = gaussian.missing, slope = missing.map { evaluation.gradient[$0] }
        return State(
            pixels: missing.map { position[$0] }, slope: slope, logLikelihood: evaluation.logLikelihood, place: place,
            placeSlope: gaussian.pullBack(zip(slope, signs).map { Double($0) * $1 }))
    }

    /// `position` ← the image at `place`.
    private mutating func move() {
        var pixels = zip(mean, gaussian.pixels(of: place)).map { $0 + $1 }
        range.fold(&pixels, signs: &signs)
        for (k, pixel) in zip(gaussian.missing, pixels) { position[k] = Float(pixel) }
    }

    /// Half a step of the momentum, and a step of the place.
    private mutating func begin() {
        guard let state else { return }
        let jitter = UniformDistribution.standard.draws(1, from: uniforms, at: 2 * trajectories)[0]
        step = stepSize * (0.8 + 0.4 * jitter)
        momentum = Self.draws(gaussian.missing.count, from: normals, number: trajectories)
        place = state.place
        // 0 at the start, 1 from the end of the first half on.
        share = min(1, 2 * Double(evaluations) / Double(budget))
        startEnergy = kineticEnergy - logDensity(state)
        stepsLeft = Self.leapfrogSteps
        kick(by: state, step / 2)
        drift()
    }

    private var kineticEnergy: Double { 0.5 * momentum.reduce(0) { $0 + $1 * $1 } }

    /// log (N^(1−β) p^β), but for a constant.
    private func logDensity(_ point: State) -> Double {
        share * point.logLikelihood - (1 - share) * 0.5 * point.place.reduce(0) { $0 + $1 * $1 }
    }

    /// The momentum takes on the slope of that.
    private mutating func kick(by point: State, _ length: Double) {
        for k in momentum.indices {
            momentum[k] += length * (share * point.placeSlope[k] - (1 - share) * point.place[k])
        }
    }

    private mutating func drift() {
        for k in place.indices { place[k] += step * momentum[k] }
        move()
    }

    /// Accepts or refuses the trajectory's end, adapts the step where that is due, and begins the next.
    private mutating func end(_ point: State?, probability: Double) -> Bool {
        let uniform = UniformDistribution.standard.draws(1, from: uniforms, at: 2 * trajectories + 1)[0]
        if let point, uniform < probability { state = point }
        let isDraw = beganSampling
        if isDraw {
            sampledTrajectories += 1
            sumOfAcceptance += probability
        } else {
            adaptations += 1
            // Robbins and Monro's steps, long at first, since the first step is a guess.
            let rate = max(0.1, 1 / Double(adaptations).squareRoot())
            logStep += rate * (probability - Self.wantedAcceptance)
        }
        trajectories += 1
        beganSampling = isSampling
        begin()
        return isDraw
    }
}
