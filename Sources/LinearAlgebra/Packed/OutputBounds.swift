/// Bounds on how much an output y_j = w_j·x + b_j changes while x moves by Δ: by at most ‖w_j‖ Δ, and
/// by the rounding errors of the two sums, at most γ (|b_j| + ‖w_j‖ ‖x‖) each (Higham, "Accuracy and
/// Stability of Numerical Algorithms", 2002, section 3.1: γ = n u / (1 − n u) whatever the order).
struct OutputBounds: BitwiseCopyable {
    /// 1/‖w_j‖, rounded down, and 2 γ |b_j|; for the padding, numbers that keep it provably inactive.
    let scale, slack: UnsafeMutablePointer<Float>
    /// γ.
    let rounding: Double
    /// What a margin is multiplied by: γ Δ and the rounding errors of the margin itself.
    var shrink: Float { Float(1 - rounding - 1e-5) }

    init(inputs: Int, outputs: Int, in storage: Storage) throws(OutOfMemory) {
        scale = try storage.make(Float.self, count: PackedRows.padded(outputs))
        slack = try storage.make(Float.self, count: PackedRows.padded(outputs))
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
