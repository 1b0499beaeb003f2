/// A = Q R by Householder's reflections (Golub and Van Loan, section 5.2), Q orthogonal, R upper
/// triangular. The diagonal of R is made non-negative: that makes the factors of a regular
/// matrix unique. O(c³) for c rows.
public struct QRFactorization: Sendable {
    public let orthogonal: Matrix
    public let upper: Matrix

    /// Factors a square matrix.
    public init(_ matrix: Matrix) {
        precondition(matrix.isSquare)
        let size = matrix.rows
        var q = Matrix.identity(size), r = matrix
        for k in 0..<size {
            // v = column + sign·‖column‖·e reflects the column onto a multiple of e.
            var v = [Double](repeating: 0, count: size)
            let largest = (k..<size).reduce(0.0) { max($0, r[$1, k].magnitude) }
            guard largest > 0 else { continue }
            var squares = 0.0
            for i in k..<size {
                v[i] = r[i, k] / largest
                squares += v[i] * v[i]
            }
            v[k] += v[k] < 0 ? -squares.squareRoot() : squares.squareRoot()
            let norm = (k..<size).reduce(0.0) { $0 + v[$1] * v[$1] }
            Self.reflectRows(&r, by: v, from: k, squaredNorm: norm)
            Self.reflectRows(&q, by: v, from: k, squaredNorm: norm)
            for i in k + 1..<size { r[i, k] = 0 }
        }
        // So far q holds Qᵀ, the product of the reflections in order.
        for i in 0..<size where r[i, i] < 0 {
            for j in 0..<size {
                r[i, j] = -r[i, j]
                q[i, j] = -q[i, j]
            }
        }
        orthogonal = q.transposed
        upper = r
    }

    /// m ← (1 − 2 v vᵀ/‖v‖²) m, v being 0 before `first`.
    private static func reflectRows(
        _ m: inout Matrix, by v: [Double], from first: Int, squaredNorm: Double
    ) {
        for j in 0..<m.columns {
            var product = 0.0
            for i in first..<m.rows { product += v[i] * m[i, j] }
            let multiple = 2 * product / squaredNorm
            for i in first..<m.rows { m[i, j] -= multiple * v[i] }
        }
    }
}
