import LinearAlgebra

/// What one image needs while it goes through a `NICE` model: reused from one evaluation to the
/// next, owned by one thread at a time.
public final class NICEWorkspace {
    /// The image, then what the couplings make of it: even-, then odd-indexed pixels, padded.
    private let position: AlignedBuffer<Float>
    /// The gradient with respect to `position`, in the same places.
    private let slope: AlignedBuffer<Float>
    private let paddedHalf: Int
    /// For each coupling its input and the active units of each hidden layer.
    let activations: [[SparseVector]]
    let accumulator: AlignedBuffer<Float>
    let scratch: BackwardScratch
    let prior: LogisticPrior.Workspace

    /// log p(x) in nats, its two parts, of the last evaluation.
    public internal(set) var logProbability = 0.0
    public internal(set) var logPrior = 0.0
    /// ∂ log p / ∂x in pixel order, of the last `differentiate`. Length: the dimension.
    public internal(set) var gradient: [Float]
    /// z in pixel order, of the last evaluation. Length: the dimension.
    public internal(set) var latent: [Float]

    private let architecture: NICEArchitecture

    /// Whether this workspace serves `model`.
    public func fits(_ model: NICE) -> Bool { architecture == model.architecture }

    init(of model: NICE) {
        architecture = model.architecture
        let half = PackedLinear.padded(model.dimension / 2)
        let layers = model.couplings[0].network.layers
        let widest = layers.flatMap { [$0.stride, $0.transposedStride] }.max()!
        paddedHalf = half
        position = AlignedBuffer(count: 2 * half)
        slope = AlignedBuffer(count: 2 * half)
        activations = model.couplings.map { coupling in
            coupling.network.layers.map { SparseVector(capacity: $0.inputs) }
        }
        accumulator = AlignedBuffer(count: widest)
        scratch = BackwardScratch(widest: widest)
        prior = LogisticPrior.Workspace(dimension: model.dimension)
        gradient = Array(repeating: 0, count: model.dimension)
        latent = Array(repeating: 0, count: model.dimension)
    }

    /// The pixels of one parity: D/2 of them, then padding.
    func half(_ parity: PixelParity) -> UnsafeMutablePointer<Float> {
        position.pointer + parity.rawValue * paddedHalf
    }

    /// The gradient with respect to `half(parity)`.
    func halfGradient(_ parity: PixelParity) -> UnsafeMutablePointer<Float> {
        slope.pointer + parity.rawValue * paddedHalf
    }
}
