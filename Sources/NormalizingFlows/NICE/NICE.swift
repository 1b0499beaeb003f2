import LinearAlgebra

/// NICE, a normalizing flow (Dinh, Krueger, Bengio, "NICE: Non-linear Independent Components
/// Estimation", 2014): additive couplings, then a diagonal scaling, under a logistic prior.
///
/// With x an image of D pixels and z = f(x) its latent, log p(x) = log p(z) + log|det ∂f/∂x|, in
/// nats. `encode` is x → z, `decode` z → x. A coupling costs one pass through its network.
///
/// The model is immutable; every evaluation works in a `NICEWorkspace`.
public final class NICE: Sendable {
    public let architecture: NICEArchitecture
    /// How the weights stand in memory.
    public let precision: Precision
    /// The mean image of the training data, where the weights file records it.
    public let trainingMean: [Float]?
    let couplings: [AdditiveCoupling]
    let scaling: DiagonalScaling

    /// D: pixels an image, latents an image.
    public var dimension: Int { architecture.dimension }
    /// log|det ∂f/∂x| = Σ s, the same for every x.
    public var logAbsDetJacobian: Double { scaling.logAbsDetJacobian }

    init(
        architecture: NICEArchitecture, precision: Precision, trainingMean: [Float]?,
        couplings: [AdditiveCoupling], scaling: DiagonalScaling
    ) {
        self.architecture = architecture
        self.precision = precision
        self.trainingMean = trainingMean
        self.couplings = couplings
        self.scaling = scaling
    }

    public func makeWorkspace() -> NICEWorkspace { NICEWorkspace(of: self) }

    /// log p(x), its parts and z, left in `workspace`. `x` has D pixels.
    public func evaluate(_ x: [Float], in workspace: NICEWorkspace) {
        split(x, into: workspace)
        for (index, coupling) in couplings.enumerated() {
            apply(coupling, at: index, in: workspace) { $0 + $1 }
        }
        for parity in [PixelParity.even, .odd] {
            let half = workspace.half(parity)
            for j in 0..<dimension / 2 {
                let k = 2 * j + parity.rawValue
                workspace.latent[k] = half[j] * scaling.factors[k]
            }
        }
        workspace.logPrior = LogisticPrior.logProbability(
            of: workspace.latent, in: workspace.prior)
        workspace.logProbability = workspace.logPrior + scaling.logAbsDetJacobian
    }

    /// `evaluate`, then ∂ log p / ∂x by back-propagation to the input. `x` has D pixels.
    public func differentiate(_ x: [Float], in workspace: NICEWorkspace) {
        evaluate(x, in: workspace)
        for parity in [PixelParity.even, .odd] {
            let gradient = workspace.halfGradient(parity)
            for j in 0..<dimension / 2 {
                let k = 2 * j + parity.rawValue
                gradient[j] = scaling.factors[k]
                    * LogisticPrior.gradient(at: k, of: workspace.latent, in: workspace.prior)
            }
        }
        // A coupling passes the moved half's gradient on as it is, and adds m's to the kept half.
        for (index, coupling) in couplings.enumerated().reversed() {
            coupling.network.backward(
                workspace.activations[index],
                from: workspace.halfGradient(coupling.transformed),
                into: workspace.halfGradient(coupling.transformed.opposite),
                scratch: workspace.scratch)
        }
        for parity in [PixelParity.even, .odd] {
            let gradient = workspace.halfGradient(parity)
            for j in 0..<dimension / 2 {
                workspace.gradient[2 * j + parity.rawValue] = gradient[j]
            }
        }
    }

    /// x = f⁻¹(z), unclamped. `latent` has D entries; so has the result.
    public func decode(_ latent: [Float], in workspace: NICEWorkspace) -> [Float] {
        precondition(latent.count == dimension)
        split(zip(latent, scaling.inverseFactors).map { $0 * $1 }, into: workspace)
        for (index, coupling) in couplings.enumerated().reversed() {
            apply(coupling, at: index, in: workspace) { $0 - $1 }
        }
        return (0..<dimension).map { k in
            workspace.half(k % 2 == 0 ? .even : .odd)[k / 2]
        }
    }

    private func split(_ x: [Float], into workspace: NICEWorkspace) {
        precondition(x.count == dimension)
        let even = workspace.half(.even), odd = workspace.half(.odd)
        for j in 0..<dimension / 2 {
            even[j] = x[2 * j]
            odd[j] = x[2 * j + 1]
        }
    }

    /// Moves the coupling's half by ± m of the other one.
    @inline(__always)
    private func apply(
        _ coupling: AdditiveCoupling, at index: Int, in workspace: NICEWorkspace,
        combine: (Float, Float) -> Float
    ) {
        let kept = workspace.half(coupling.transformed.opposite)
        let moved = workspace.half(coupling.transformed)
        let activations = workspace.activations[index], shift = workspace.accumulator.pointer
        activations[0].keepNonzero(kept, count: dimension / 2)
        coupling.network.forward(activations, into: shift)
        for j in 0..<dimension / 2 { moved[j] = combine(moved[j], shift[j]) }
    }
}
