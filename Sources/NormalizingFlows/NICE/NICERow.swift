import LinearAlgebra

/// One image's numbers on their way through a model, as pointers into its workspace, so that
/// threads share them without counting references.
struct NICERow: BitwiseCopyable {
    private let dimension, levels, paddedHalf: Int
    /// The image, then what the couplings make of it: even-, then odd-indexed pixels, padded.
    private let position: UnsafeMutablePointer<Float>
    /// The gradient with respect to `position`, in the same places.
    private let slope: UnsafeMutablePointer<Float>
    /// For each coupling its input and the active units of each hidden layer.
    private let activations: UnsafeMutablePointer<SparseVector>
    /// Room for the widest padded layer.
    let accumulator: UnsafeMutablePointer<Float>
    /// The slopes of two levels' active units, beside their lists, and dense with zeros.
    private let slopes, denseSlopes: UnsafeMutablePointer<Float>
    private let widest: Int
    let prior: LogisticPrior.Row

    init(of model: NICE, in storage: Storage) {
        dimension = model.dimension
        let network = model.couplings[0].network
        levels = network.count
        paddedHalf = PackedRows.padded(model.dimension / 2)
        position = storage.make(Float.self, count: 2 * paddedHalf)
        slope = storage.make(Float.self, count: 2 * paddedHalf)
        let lists = storage.make(SparseVector.self, count: model.couplings.count * network.count)
        for coupling in model.couplings.indices {
            for level in 0..<network.count {
                lists[coupling * network.count + level] = SparseVector(
                    length: model.couplings[coupling].network[level].inputs, in: storage)
            }
        }
        activations = lists
        widest = (0..<network.count).reduce(0) {
            max($0, SparseVector.room(max(network[$1].inputs, network[$1].outputs)))
        }
        accumulator = storage.make(Float.self, count: widest)
        slopes = storage.make(Float.self, count: 2 * widest)
        denseSlopes = storage.make(Float.self, count: 2 * widest)
        prior = LogisticPrior.Row(dimension: model.dimension, in: storage)
    }

    /// The pixels of one parity: D/2 of them, then padding.
    func half(_ parity: PixelParity) -> UnsafeMutablePointer<Float> {
        position + parity.rawValue * paddedHalf
    }

    /// The gradient with respect to `half(parity)`.
    func slope(_ parity: PixelParity) -> UnsafeMutablePointer<Float> {
        slope + parity.rawValue * paddedHalf
    }

    /// The input of each layer of a coupling's network.
    func activations(of coupling: Int) -> UnsafeMutablePointer<SparseVector> {
        activations + coupling * levels
    }

    /// The slopes of the active inputs of layer `level`, at their places in the activations.
    func slopes(at level: Int) -> UnsafeMutablePointer<Float> { slopes + level % 2 * widest }
    /// The same, dense: 0 at the units that are not active.
    func denseSlopes(at level: Int) -> UnsafeMutablePointer<Float> {
        denseSlopes + level % 2 * widest
    }

    /// Pixels in order → both halves.
    func load(_ x: UnsafePointer<Float>) {
        let even = half(.even), odd = half(.odd)
        for j in 0..<dimension / 2 {
            even[j] = x[2 * j]
            odd[j] = x[2 * j + 1]
        }
    }

    /// The pairs of neighbouring pixels that are a member's: what it has of either half.
    func pairs(of member: Crew.Member) -> Range<Int> { member.columns(of: dimension / 2) }
}
