/// How weights stand in memory. Sums are single precision either way.
public enum Precision: String, Sendable, CaseIterable, BitwiseCopyable {
    case float16, float32
}

/// A linear map y = W x + b, its weights packed for what it is used for.
///
/// Input-major, row i holds what x[i] contributes to every output: an input that is 0 is never read,
/// nor is a group of outputs that nobody asks for. Output-major, row j holds the weights of output j:
/// for dense inputs of which few outputs are asked for.
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
    /// What tells how long an output stays below 0.
    let bounds: OutputBounds

    /// A map of zeros, for `load` to fill.
    public init(
        inputs: Int, outputs: Int, precision: Precision, layout: Layout, in storage: Storage
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.layout = layout
        bias = storage.make(Float.self, count: PackedRows.padded(outputs))
        bounds = OutputBounds(inputs: inputs, outputs: outputs, in: storage)
        weights = switch layout {
        case .inputMajor:
            PackedRows(rows: inputs, columns: outputs, precision: precision, in: storage)
        case .outputMajor:
            PackedRows(rows: outputs, columns: inputs, precision: precision, in: storage)
        }
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

/// What an output y_j = w_j·x + b_j can do while x moves by Δ: change by ‖w_j‖ Δ, and by the
/// rounding errors of the two sums, at most γ (|b_j| + ‖w_j‖ ‖x‖) each (Higham, "Accuracy and
/// Stability of Numerical Algorithms", 2002, section 3.1: γ = n u / (1 − n u) whatever the order).
struct OutputBounds: BitwiseCopyable {
    /// 1/‖w_j‖, rounded down, and 2 γ |b_j|; of the padding what keeps it provably inactive.
    let scale, slack: UnsafeMutablePointer<Float>
    /// γ.
    let rounding: Double
    /// What a margin is multiplied by: γ Δ and the rounding errors of the margin itself.
    var shrink: Float { Float(1 - rounding - 1e-5) }

    init(inputs: Int, outputs: Int, in storage: Storage) {
        scale = storage.make(Float.self, count: PackedRows.padded(outputs))
        slack = storage.make(Float.self, count: PackedRows.padded(outputs))
        let roundings = Double(inputs + 8) * 0x1p-24
        rounding = roundings < 0.5 ? roundings / (1 - roundings) : 1
        scale.update(repeating: 1, count: PackedRows.padded(outputs))
        slack.update(repeating: -1e30, count: PackedRows.padded(outputs))
    }

    func load(squaredNorms: [Float], bias: UnsafePointer<Float>, outputs: Int) {
        for j in 0..<outputs {
            // The sum of squares is rounded; 0 stands for what underflowed, too.
            let norm = (Double(squaredNorms[j]) * (1.001 + 2 * rounding)).squareRoot() + 1e-18
            scale[j] = min(Float(1 / norm), 1e18) * (1 - 0x1p-20)
            slack[j] = Float(2 * rounding * Double(bias[j].magnitude)).nextUp
        }
    }
}
