import LinearAlgebra
import Statistics

extension PLUWeight {
    // The free numbers of a weight, and gradients with respect to them, fill one (c, c) matrix:
    // L's below the diagonal, U's above it, log|s| on it.

    /// The weight whose free numbers differ from this one's by `offset`: L and U move by it, s is
    /// multiplied by e^offset and keeps its sign.
    ///
    /// - Parameter offset: c² numbers, row by row.
    func offset(by offset: [Double]) -> PLUWeight {
        precondition(offset.count == channels * channels)
        var lower = lower, upper = upper, logAbsScale = logAbsScale
        let diagonal = (0..<channels).map { offset[$0 * channels + $0] }
        for i in 0..<channels {
            for k in 0..<i { lower[i, k] += offset[i * channels + k] }
            for k in i + 1..<channels { upper[i, k] += offset[i * channels + k] }
            logAbsScale[i] += diagonal[i]
        }
        let scale = zip(scale, ElementaryFunction.exp(diagonal)).map { $0 * $1 }
        return PLUWeight(
            permutation: permutation, lower: lower, upper: upper, scale: scale,
            logAbsScale: logAbsScale)
    }

    /// The weight with the same permutation and signs and these free numbers.
    func replacing(lower: [Double], upper: [Double], logAbsScale: [Double]) -> PLUWeight {
        precondition(logAbsScale.count == channels)
        precondition(lower.count == channels * (channels - 1) / 2 && upper.count == lower.count)
        var l = Matrix.identity(channels), u = Matrix(rows: channels, columns: channels)
        var below = lower.makeIterator(), above = upper.makeIterator()
        for i in 0..<channels {
            for k in 0..<i { l[i, k] = below.next()! }
            for k in i + 1..<channels { u[i, k] = above.next()! }
        }
        let scale = zip(scale, ElementaryFunction.exp(logAbsScale)).map { $0 < 0 ? -$1 : $1 }
        return PLUWeight(
            permutation: permutation, lower: l, upper: u, scale: scale, logAbsScale: logAbsScale)
    }

    /// The gradient with respect to the free numbers of a function that has gradient G with
    /// respect to A: with B = L V, V = U + diag(s), A = P B it is ∂B = Pᵀ G, ∂L = ∂B Vᵀ below the
    /// diagonal, ∂V = Lᵀ ∂B on and above it, ∂log|s| = s ∂s.
    ///
    /// - Parameter logAbsDeterminantWeight: the function's slope in log|det A|.
    func gradient(ofMatrix g: Matrix, logAbsDeterminantWeight: Double) -> Matrix {
        let b = g.rows(inOrder: permutation.inversePermutation)
        var v = upper
        for (i, s) in scale.enumerated() { v[i, i] = s }
        let lowerGradient = b * v.transposed
        var gradient = lower.transposed * b
        for i in 0..<channels {
            for k in 0..<i { gradient[i, k] = lowerGradient[i, k] }
            gradient[i, i] = gradient[i, i] * scale[i] + logAbsDeterminantWeight
        }
        return gradient
    }
}

extension Matrix {
    /// The numbers below the diagonal, row by row.
    var strictLowerElements: [Double] { (0..<rows).flatMap { self[row: $0].prefix($0) } }
    /// The numbers above the diagonal, row by row.
    var strictUpperElements: [Double] { (0..<rows).flatMap { self[row: $0].dropFirst($0 + 1) } }
    var diagonalElements: [Double] { (0..<rows).map { self[$0, $0] } }
}
