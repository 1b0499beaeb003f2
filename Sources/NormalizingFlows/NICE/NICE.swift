import LinearAlgebra

/// NICE, a normalizing flow (Dinh, Krueger, Bengio, "NICE: Non-linear Independent Components
/// Estimation", 2014): additive couplings, then a diagonal scaling, under a logistic prior.
///
/// With x an image of D pixels and z = f(x) its latent, log p(x) = log p(z) + log|det ∂f/∂x|, in
/// nats. `encode` is x → z, `decode` z → x. A coupling costs one pass through its network.
///
/// The model is immutable; every evaluation works in a `NICEWorkspace`. One thread evaluates an
/// image, or the members of a team together, with the same bits.
///
/// `@unchecked Sendable`: the pointers are into `storage`, written while the model is loaded and
/// only read afterwards.
public final class NICE: @unchecked Sendable {
    public let architecture: NICEArchitecture
    /// How the matrices are stored in memory.
    public let precision: Precision
    /// The mean image of the training data, where the weights file records it.
    public let trainingMean: [Float]?
    /// The lower triangle, row by row, of the Cholesky factor of the training images' covariance, where the weights
    /// file records it and the images are not too large for its use.
    public let trainingFactor: [Float]?
    let couplings: [AdditiveCoupling]
    let scaling: DiagonalScaling
    let storage: Storage

    /// D: pixels an image, latents an image.
    public var dimension: Int { architecture.dimension }
    /// log|det ∂f/∂x| = Σ s, the same for every x.
    public var logAbsDetJacobian: Double { scaling.logAbsDetJacobian }

    /// - Parameter storage: what holds the couplings' and the scaling's numbers.
    init(
        architecture: NICEArchitecture, precision: Precision, trainingMean: [Float]?, trainingFactor: [Float]?,
        couplings: [AdditiveCoupling], scaling: DiagonalScaling, storage: Storage
    ) {
        self.architecture = architecture
        self.precision = precision
        self.trainingMean = trainingMean
        self.trainingFactor = trainingFactor
        self.couplings = couplings
        self.scaling = scaling
        self.storage = storage
    }

    public func makeWorkspace() throws(OutOfMemory) -> NICEWorkspace {
        try NICEWorkspace(of: self)
    }

    /// log p(x), its parts and z, left in `workspace`. `x` has D pixels.
    public func evaluate(_ x: [Float], in workspace: NICEWorkspace) {
        workspace.load(x)
        evaluate(workspace, by: .alone)
    }

    /// `evaluate`, then ∂ log p / ∂x by back-propagation to the input. `x` has D pixels.
    public func differentiate(_ x: [Float], in workspace: NICEWorkspace) {
        workspace.load(x)
        differentiate(workspace, by: .alone)
    }

    /// Evaluates the image that the workspace has loaded. Every member of the team makes this call,
    /// with the same workspace; the results are there when all have returned from it.
    public func evaluate(_ workspace: NICEWorkspace, by member: ThreadTeam.Member) {
        for step in 0..<evaluationSteps { evaluate(workspace, step: step, by: member) }
    }

    /// How many steps an evaluation has that members of a team can do together.
    public var evaluationSteps: Int { couplings.count + 1 }

    /// A step of `evaluate`. Members meet at its end, so that each step may have as many as it likes.
    ///
    /// - Parameter step: 0 ..< `evaluationSteps`, one after the other.
    public func evaluate(_ workspace: NICEWorkspace, step: Int, by member: ThreadTeam.Member) {
        let activations = workspace.activations
        if step < couplings.count {
            apply(step, to: activations, by: member) { $0 + $1 }
            member.arriveAndWait()
        } else {
            latents(activations, by: member)
            member.arriveAndWait()
            if member.index == 0 { activations.prior.sum() }
        }
    }

    /// `evaluate`, then the gradient, in the same way.
    public func differentiate(_ workspace: NICEWorkspace, by member: ThreadTeam.Member) {
        let activations = workspace.activations
        encode(activations, by: member)
        for parity in [PixelParity.even, .odd] {
            let slope = activations.slope(parity)
            for j in activations.pairs(of: member) {
                let k = 2 * j + parity.offset
                slope[j] = scaling.factors[k] * activations.prior.slope(at: k)
            }
        }
        // A coupling passes the moved half's gradient on as it is, and adds m's to the kept half.
        for index in couplings.indices.reversed() {
            couplings[index].network.backward(
                activations, coupling: index, kept: couplings[index].transformed.opposite, by: member)
        }
        member.arriveAndWait()
        if member.index == 0 { activations.prior.sum() }
    }

    /// z and the terms of log p(z), this member's share.
    private func encode(_ activations: NICEActivations, by member: ThreadTeam.Member) {
        for index in couplings.indices {
            apply(index, to: activations, by: member) { $0 + $1 }
        }
        latents(activations, by: member)
    }

    /// The same, the couplings done.
    private func latents(_ activations: NICEActivations, by member: ThreadTeam.Member) {
        let pairs = activations.pairs(of: member)
        for k in 2 * pairs.lowerBound..<2 * pairs.upperBound {
            let output = activations.half(k % 2 == 0 ? .even : .odd)[k / 2]
            activations.prior.latent[k] = output * scaling.factors[k]
        }
        activations.prior.evaluate(2 * pairs.lowerBound..<2 * pairs.upperBound)
    }

    /// Moves the coupling's half by ± m of the other one.
    @inline(__always)
    private func apply(
        _ index: Int, to activations: NICEActivations, by member: ThreadTeam.Member,
        combine: (Float, Float) -> Float
    ) {
        let coupling = couplings[index], moved = activations.half(coupling.transformed)
        let kept = activations.half(coupling.transformed.opposite)
        activations.input(of: index).observe(kept, by: member)
        coupling.network.forward(activations, coupling: index, of: kept, by: member)
        for j in activations.pairs(of: member) { moved[j] = combine(moved[j], activations.accumulator[j]) }
    }

    /// x = f⁻¹(z), unclamped. `latent` has D entries; so has the result.
    ///
    /// - Throws: `NonFiniteValue` where a number on the way is not finite.
    public func decode(
        _ latent: [Float], in workspace: NICEWorkspace
    ) throws(NonFiniteValue) -> [Float] {
        precondition(latent.count == dimension)
        let activations = workspace.activations
        let scaled = latent.indices.map { latent[$0] * scaling.inverseFactors[$0] }
        try requireFinite(scaled: scaled)
        workspace.load(scaled)
        for index in couplings.indices.reversed() { apply(index, to: activations, by: .alone) { $0 - $1 } }
        let x = (0..<dimension).map { k in activations.half(k % 2 == 0 ? .even : .odd)[k / 2] }
        if let origin = overflowOrigin(in: activations, decoding: true) { throw NonFiniteValue(origin) }
        if let k = x.firstIndex(where: { !$0.isFinite }) {
            throw NonFiniteValue(outputOrigin(pixel: k, order: couplings.indices))
        }
        return x
    }
}
