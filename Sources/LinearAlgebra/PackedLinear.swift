/// How weights stand in memory. Sums are single precision either way.
public enum Precision: String, Sendable, CaseIterable, BitwiseCopyable {
    case float16, float32
}

/// A linear map y = W x + b whose weights are packed for sparse inputs: W is stored input-major,
/// row i holds what x[i] contributes to every output, so an input that is 0 is never read.
///
/// Shapes: x (inputs), y (outputs), W (outputs, inputs), b (outputs). All dense vectors that the
/// map reads or writes are padded with zeros to whole groups of 64.
///
/// A second, output-major copy is kept on demand: with it the transposed product is a sum over
/// the outputs whose gradient is not 0, cheaper wherever fewer outputs than inputs are active.
///
/// A view of memory that a `Storage` owns, so that threads pass it around without counting
/// references.
///
/// `@unchecked Sendable`: the memory is written by one call of `load` and only read afterwards.
public struct PackedLinear: BitwiseCopyable, @unchecked Sendable {
    public let inputs: Int
    public let outputs: Int
    public let weights: PackedRows
    public let transposed: PackedRows?
    /// b, padded with zeros.
    private let bias: UnsafeMutablePointer<Float>

    /// A map of zeros, for `load` to fill.
    ///
    /// - Parameter keepsTransposed: whether the output-major copy is kept besides.
    public init(
        inputs: Int, outputs: Int, precision: Precision, keepsTransposed: Bool, in storage: Storage
    ) {
        self.inputs = inputs
        self.outputs = outputs
        bias = storage.make(Float.self, count: PackedRows.padded(outputs))
        weights = PackedRows(rows: inputs, columns: outputs, precision: precision, in: storage)
        transposed = keepsTransposed
            ? PackedRows(rows: outputs, columns: inputs, precision: precision, in: storage) : nil
    }

    /// - Parameters:
    ///   - weight: W row-major, `outputs` rows of `inputs` values.
    ///   - bias: `outputs` values.
    public func load(weight: WeightSource, bias: [Float]) {
        precondition(bias.count == outputs && weight.count == inputs * outputs)
        self.bias.update(from: bias, count: outputs)
        PackedRows.pack(
            weight, outputs: outputs, inputs: inputs, inputMajor: weights, outputMajor: transposed)
    }

    /// acc ← b + W x for the member's share of the outputs, x sparse. Additions run in order of the
    /// inputs.
    @inline(__always)
    public func forward(
        _ x: SparseVector, into acc: UnsafeMutablePointer<Float>, by member: Crew.Member
    ) {
        let groups = member.share(of: weights.groups), first = groups.lowerBound * PackedRows.group
        (acc + first).update(from: bias + first, count: groups.count * PackedRows.group)
        weights.accumulate(x, into: acc, by: member)
    }
}

/// Where a weight matrix comes from, row-major: binary16 bits or binary32 numbers.
public enum WeightSource: Sendable {
    case halves([UInt16])
    case floats([Float])

    var count: Int {
        switch self {
        case .halves(let values): values.count
        case .floats(let values): values.count
        }
    }

    /// The numbers in half precision, rounded where they are more precise.
    var halves: [UInt16] {
        switch self {
        case .halves(let values): values
        case .floats(let values):
            Array(unsafeUninitializedCapacity: values.count) { buffer, count in
                Half.convert(values, to: buffer.baseAddress!, count: values.count)
                count = values.count
            }
        }
    }

    /// The numbers in single precision.
    var floats: [Float] {
        switch self {
        case .floats(let values): values
        case .halves(let values):
            Array(unsafeUninitializedCapacity: values.count) { buffer, count in
                Half.convert(values, to: buffer.baseAddress!, count: values.count)
                count = values.count
            }
        }
    }
}
