import LinearAlgebra

/// One image's numbers in a model, as pointers into its workspace, so that threads share them
/// without reference counting.
struct NICERow: BitwiseCopyable {
    private let dimension, levels, paddedHalf: Int
    /// The image, then what the couplings make of it: even-, then odd-indexed pixels, padded.
    private let position: UnsafeMutablePointer<Float>
    /// The gradient with respect to `position`, in the same places.
    private let slope: UnsafeMutablePointer<Float>
    /// For each coupling its input, and its hidden layers.
    private let inputs: UnsafeMutablePointer<ObservedVector>
    private let hiddenLayers: UnsafeMutablePointer<RectifiedVector>
    /// Counts the evaluations.
    let evaluation: UnsafeMutablePointer<Int>
    /// What the first number beyond single precision came from: 1 + its place among the couplings'
    /// levels; 0 while all are finite. Member 0 writes it.
    private let overflow: UnsafeMutablePointer<Int>
    /// As long as the widest padded layer.
    let accumulator: UnsafeMutablePointer<Float>
    /// The slopes of two levels' active units, beside their lists, and dense with zeros.
    private let slopes, denseSlopes: UnsafeMutablePointer<Float>
    private let widest: Int
    private let everyGroup: UnsafePointer<UInt32>
    private let scratches: UnsafeMutablePointer<Scratch>
    let prior: LogisticPrior.Row

    /// A member's own memory for lists and sums.
    struct Scratch: BitwiseCopyable {
        let groups, units: UnsafeMutablePointer<UInt32>
        let sums: UnsafeMutablePointer<Float>
    }

    init(of model: NICE, in storage: Storage) {
        dimension = model.dimension
        let network = model.couplings[0].network
        levels = network.count
        paddedHalf = PackedRows.padded(model.dimension / 2)
        position = storage.make(Float.self, count: 2 * paddedHalf)
        slope = storage.make(Float.self, count: 2 * paddedHalf)
        let couplings = model.couplings.count, hidden = network.count - 1
        inputs = storage.make(ObservedVector.self, count: couplings)
        hiddenLayers = storage.make(RectifiedVector.self, count: couplings * hidden)
        for coupling in 0..<couplings {
            inputs[coupling] = ObservedVector(length: model.dimension / 2, in: storage)
            for level in 0..<hidden {
                hiddenLayers[coupling * hidden + level] = RectifiedVector(
                    length: model.couplings[coupling].network[level].outputs, in: storage)
            }
        }
        evaluation = storage.make(Int.self, count: 1)
        overflow = storage.make(Int.self, count: 1)
        let widest = (0..<network.count).reduce(0) {
            max($0, PackedRows.padded(max(network[$1].inputs, network[$1].outputs)))
        }
        self.widest = widest
        accumulator = storage.make(Float.self, count: widest)
        slopes = storage.make(Float.self, count: 2 * widest)
        denseSlopes = storage.make(Float.self, count: 2 * widest)
        everyGroup = GroupList.all(PackedRows.groups(widest), in: storage)
        scratches = storage.make(Scratch.self, count: SparseVector.segments)
        for member in 0..<SparseVector.segments {
            scratches[member] = Scratch(
                groups: storage.make(UInt32.self, count: PackedRows.groups(widest)),
                units: storage.make(UInt32.self, count: widest),
                sums: storage.make(Float.self, count: widest))
        }
        prior = LogisticPrior.Row(dimension: model.dimension, in: storage)
    }

    /// The pixels of one parity: D/2 of them, then padding.
    func half(_ parity: PixelParity) -> UnsafeMutablePointer<Float> {
        position + parity.offset * paddedHalf
    }

    /// The gradient with respect to `half(parity)`.
    func slope(_ parity: PixelParity) -> UnsafeMutablePointer<Float> {
        slope + parity.offset * paddedHalf
    }

    /// The input of a coupling's network.
    func input(of coupling: Int) -> ObservedVector { inputs[coupling] }

    /// The hidden layers of a coupling's network.
    func hidden(of coupling: Int) -> UnsafeMutablePointer<RectifiedVector> {
        hiddenLayers + coupling * (levels - 1)
    }

    func scratch(of member: ThreadTeam.Member) -> Scratch { scratches[member.index] }

    /// All groups of a matrix's columns.
    func all(of weights: PackedRows) -> Selection {
        Selection(numbers: everyGroup, count: weights.groups)
    }

    /// The member's share of them.
    func share(of weights: PackedRows, by member: ThreadTeam.Member) -> Selection {
        let share = member.share(of: weights.groups)
        return Selection(numbers: everyGroup + share.lowerBound, count: share.count)
    }

    /// The slopes of the active inputs of layer `level`, at their places in the activations.
    func slopes(at level: Int) -> UnsafeMutablePointer<Float> { slopes + level % 2 * widest }
    /// The same, dense: 0 at the units that are not active.
    func denseSlopes(at level: Int) -> UnsafeMutablePointer<Float> {
        denseSlopes + level % 2 * widest
    }

    /// Pixels in order → both halves.
    func load(_ x: UnsafePointer<Float>) {
        evaluation.pointee += 1
        overflow.pointee = 0
        let even = half(.even), odd = half(.odd)
        for j in 0..<dimension / 2 {
            even[j] = x[2 * j]
            odd[j] = x[2 * j + 1]
        }
    }

    /// Notes where an input that a network's level is given is not finite, or has a squared norm that is
    /// not. Weights of a loaded model have finite squared norms, so that no sum of products overflows
    /// before such an input does (Cauchy, Schwarz), and none turns into NaN, which ReLU would hide.
    @inline(__always)
    func note(_ input: DriftBound.Value, coupling: Int, level: Int, by member: ThreadTeam.Member) {
        if !input.isFinite, member.index == 0, overflow.pointee == 0 {
            overflow.pointee = 1 + coupling * levels + level
        }
    }

    /// The coupling and the level whose input was the first that `note` found not to be finite.
    var overflowed: (coupling: Int, level: Int)? {
        let place = overflow.pointee - 1
        return place < 0 ? nil : (place / levels, place % levels)
    }

    /// The pairs of neighbouring pixels that are a member's: what it has of either half.
    func pairs(of member: ThreadTeam.Member) -> Range<Int> { member.columns(of: dimension / 2) }
}
