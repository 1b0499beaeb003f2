/// How weights stand in memory. Sums are single precision either way.
public enum Precision: String, Sendable, CaseIterable {
    case float16, float32
}

/// A linear map y = W x + b whose weights are packed for sparse inputs: W is stored input-major,
/// row i holds what x[i] contributes to every output, so an input that is 0 is never read.
///
/// Shapes: x (inputs), y (outputs), W (outputs, inputs), b (outputs). Rows are padded with zeros
/// to `stride`, a multiple of 32, and so are all dense vectors that the map reads or writes.
///
/// A second, output-major copy is kept on demand: with it the transposed product is a sum over
/// the outputs whose gradient is not 0, cheaper wherever fewer outputs than inputs are active.
///
/// `@unchecked Sendable`: the buffers are written in `init` alone and only read afterwards.
public final class PackedLinear: @unchecked Sendable {
    public let inputs: Int
    public let outputs: Int
    public let precision: Precision
    /// `outputs` rounded up to a multiple of 32: the length of an input-major row.
    public let stride: Int
    /// `inputs` rounded up to a multiple of 32: the length of an output-major row.
    public let transposedStride: Int
    /// b, padded with zeros to `stride`.
    let bias: AlignedBuffer<Float>
    let weights: PackedRows
    let transposed: PackedRows?

    /// - Parameters:
    ///   - weight: W row-major, `outputs` rows of `inputs` values.
    ///   - bias: `outputs` values.
    ///   - keepsTransposed: whether the output-major copy is kept besides.
    public init(
        inputs: Int, outputs: Int, weight: WeightSource, bias: [Float], precision: Precision,
        keepsTransposed: Bool
    ) {
        precondition(bias.count == outputs && weight.count == inputs * outputs)
        self.inputs = inputs
        self.outputs = outputs
        self.precision = precision
        stride = Self.padded(outputs)
        transposedStride = Self.padded(inputs)
        self.bias = AlignedBuffer(count: stride)
        for (index, value) in bias.enumerated() { self.bias.pointer[index] = value }
        let outputMajor = PackedRows(
            rows: outputs, columns: inputs, stride: transposedStride, source: weight,
            precision: precision)
        weights = outputMajor.transposed(stride: stride)
        if keepsTransposed {
            transposed = .some(outputMajor)
        } else {
            transposed = nil
        }
    }

    /// The next multiple of 32: the kernels' lanes.
    public static func padded(_ count: Int) -> Int { (count + 31) / 32 * 32 }

    /// acc ← b. `acc` has `stride` entries.
    public func start(_ acc: UnsafeMutablePointer<Float>) {
        acc.update(from: bias.pointer, count: stride)
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
}
