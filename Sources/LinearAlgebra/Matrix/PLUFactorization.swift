/// A = P L U by Gaussian elimination with partial pivoting (Golub and Van Loan, "Matrix
/// Computations", 4th edition, section 3.4): P a permutation, L unit lower triangular with
/// entries of at most 1 in size, U upper triangular. O(c³) for c rows.
public struct PLUFactorization: Sendable {
    /// P as the places that its rows take their numbers from: (P v)[i] = v[permutation[i]].
    public let permutation: [Int]
    /// L, its unit diagonal and its zeros included.
    public let lower: Matrix
    /// U, its zeros included.
    public let upper: Matrix

    /// Factors any square matrix, a singular one too: then a pivot, a number on U's diagonal, is 0.
    public init(_ matrix: Matrix) {
        precondition(matrix.isSquare)
        let size = matrix.rows
        var work = matrix
        // Row i of `work` comes from row source[i] of the matrix.
        var source = Array(0..<size)
        for k in 0..<size {
            var pivot = k
            for i in k..<size where work[i, k].magnitude > work[pivot, k].magnitude { pivot = i }
            if pivot != k {
                source.swapAt(pivot, k)
                for j in 0..<size {
                    work.elements.swapAt(pivot * size + j, k * size + j)
                }
            }
            guard work[k, k] != 0 else { continue }
            for i in k + 1..<size {
                let factor = work[i, k] / work[k, k]
                work[i, k] = factor
                for j in k + 1..<size { work[i, j] -= factor * work[k, j] }
            }
        }
        var lower = Matrix.identity(size), upper = Matrix(rows: size, columns: size)
        for i in 0..<size {
            for k in 0..<i { lower[i, k] = work[i, k] }
            for k in i..<size { upper[i, k] = work[i, k] }
        }
        var permutation = source
        for (i, row) in source.enumerated() { permutation[row] = i }
        self.permutation = permutation
        self.lower = lower
        self.upper = upper
    }

    /// The pivots, U's diagonal: det A = sign(P) · Π pivots.
    public var pivots: [Double] { (0..<upper.rows).map { upper[$0, $0] } }

    /// The sign of det A: −1, 0 or 1.
    public var determinantSign: Int {
        pivots.reduce(permutation.permutationSign) { sign, pivot in
            pivot == 0 ? 0 : pivot < 0 ? -sign : sign
        }
    }
}
