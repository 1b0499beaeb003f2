/// The precision of weights in memory. Sums are in single precision with either.
public enum Precision: String, Sendable, CaseIterable, BitwiseCopyable {
    case float16, float32
}

/// A linear map y = W x + b, its weights packed in one of two layouts.
///
/// Input-major, row i holds what x[i] contributes to every output: for sparse inputs, since the rows
/// of inputs that are 0 are never read, nor are groups of outputs that are not wanted. Output-major,
/// row j holds the weights of output j: for dense inputs, where few outputs are wanted.
///
/// Shapes: x (inputs), y (outputs), W (outputs, inputs), b (outputs). All dense vectors that the
/// map reads or writes are padded with zeros to whole groups of 32.
///
/// A view of memory that a `Storage` owns, so that threads pass it around without counting
/// references.
///
/// `@unchecked Sendable`: the memory is written by one call of `load` and only read afterwards.
public struct PackedLinear: BitwiseCopyable, @unchecked Sendable {
    public enum Layout: Sendable, BitwiseCopyable { case inputMajor, outputMajor }

    public let inputs: Int
    public let outputs: Int
    public let layout: Layout
    public let weights: PackedRows
    /// b, padded with zeros.
    let bias: UnsafeMutablePointer<Float>
    /// What bounds the drift until which an output stays below 0.
    let bounds: OutputBounds

    /// A map of zeros, for `load` to fill.
    public init(
        inputs: Int, outputs: Int, precision: Precision, layout: Layout, in storage: Storage
    ) throws(OutOfMemory) {
        self.inputs = inputs
        self.outputs = outputs
        self.layout = layout
        let isInputMajor = layout == .inputMajor
        weights = try PackedRows(
            rows: isInputMajor ? inputs : outputs, columns: isInputMajor ? outputs : inputs,
            precision: precision, in: storage)
        bias = try storage.make(Float.self, count: PackedRows.padded(outputs))
        bounds = try OutputBounds(inputs: inputs, outputs: outputs, in: storage)
    }

    /// - Parameters:
    ///   - weight: W row-major, `outputs` rows of `inputs` values.
    ///   - bias: `outputs` values.
    ///   - order: the places that outputs and inputs get; nil = their own.
    public func load(weight: WeightSource, bias: [Float], order: UnitOrder? = nil) {
        let order = order ?? UnitOrder(outputs: outputs, inputs: inputs)
        precondition(bias.count == outputs && weight.count == inputs * outputs)
        precondition(order.outputs.count == outputs && order.inputs.count == inputs)
        for (place, unit) in order.outputs.enumerated() { self.bias[place] = bias[unit] }
        weights.pack(weight, transposing: layout == .inputMajor, order: order)
        bounds.load(squaredNorms: squaredNorms(), bias: self.bias, outputs: outputs)
    }

    /// ‖w_j‖² of each output.
    private func squaredNorms() -> [Float] {
        var sums = [Float](repeating: 0, count: weights.groups * PackedRows.group)
        switch layout {
        case .inputMajor:
            for i in 0..<inputs { weights.addSquares(ofRow: i, to: &sums) }
            return Array(sums[..<outputs])
        case .outputMajor:
            return (0..<outputs).map { j in
                for k in sums.indices { sums[k] = 0 }
                weights.addSquares(ofRow: j, to: &sums)
                return sums.reduce(0, +)
            }
        }
    }

    /// acc ← b + W x in some groups of outputs, x sparse. Additions run in order of the inputs.
    /// Input-major.
    @inline(__always)
    public func forward(
        _ x: SparseVector, into acc: UnsafeMutablePointer<Float>, groups: Selection,
        by member: ThreadTeam.Member
    ) {
        for k in 0..<groups.count {
            let first = Int(groups.numbers[k]) * PackedRows.group
            (acc + first).update(from: bias + first, count: PackedRows.group)
        }
        weights.accumulate(x, into: acc, groups: groups, by: member)
    }
}
