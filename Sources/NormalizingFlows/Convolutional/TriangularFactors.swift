import LinearAlgebra

/// L, U and s of a step, for solving L (U + diag s) v = y − b among the missing numbers of each position: rows and
/// columns of known numbers are left out, which leaves the factors triangular.
struct TriangularFactors {
    /// (depth, depth), row by row, without their diagonals.
    let lower, upper: [Float]
    let scale, bias: [Float]
    let depth: Int

    init(lower: MatrixView, upper: MatrixView, scale: [Float], bias: UnsafePointer<Float>, depth: Int) {
        func packed(_ matrix: MatrixView) -> [Float] {
            (0..<depth * depth).map { matrix.elements[$0 / depth * matrix.rowStride + $0 % depth] }
        }
        self.lower = packed(lower)
        self.upper = packed(upper)
        self.scale = scale
        self.bias = Array(UnsafeBufferPointer(start: bias, count: depth))
        self.depth = depth
    }

    /// Solves for each row of `values`, (rows, depth), in place; numbers with the mask 0 stay.
    ///
    /// Sixteen rows at a time; a row's own operations are the same in any group.
    func solve(_ values: UnsafeMutablePointer<Float>, mask: UnsafePointer<Float>, rows: Int) {
        typealias Lanes = SIMD16<Float>
        let depth = depth
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * depth) { room in
            guard let x = room.baseAddress else { return }
            let m = x + depth
            for first in stride(from: 0, to: rows, by: 16) {
                let lanes = min(16, rows - first)
                for k in 0..<depth {
                    var value = Lanes(repeating: 0), missing = Lanes(repeating: 0)
                    for lane in 0..<lanes {
                        value[lane] = values[(first + lane) * depth + k]
                        missing[lane] = mask[(first + lane) * depth + k]
                    }
                    m[k] = missing
                    x[k] = missing * (value - Lanes(repeating: bias[k]))
                }
                for i in 0..<depth {
                    var sum = x[i]
                    for j in 0..<i { sum -= Lanes(repeating: lower[i * depth + j]) * x[j] }
                    x[i] = m[i] * sum
                }
                for i in (0..<depth).reversed() {
                    var sum = x[i]
                    for j in i + 1..<max(i + 1, depth) { sum -= Lanes(repeating: upper[i * depth + j]) * x[j] }
                    x[i] = m[i] * sum / Lanes(repeating: scale[i])
                }
                for k in 0..<depth {
                    for lane in 0..<lanes where m[k][lane] != 0 { values[(first + lane) * depth + k] = x[k][lane] }
                }
            }
        }
    }
}
