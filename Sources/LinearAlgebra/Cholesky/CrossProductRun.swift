/// Xᵀ X of a matrix X of n rows, a piece at a time: n times the covariance of its rows where they are centred.
/// n·d²/2 multiply-adds for rows of d numbers.
public struct CrossProductRun: Sendable, PiecewiseRun {
    private static let block = 32

    private let rows: Matrix
    private var sums: Matrix
    /// Which 32 rows of the result are under way, and from which row of X on their products are missing.
    private var row = 0, term = 0

    public init(of rows: Matrix) {
        self.rows = rows
        sums = Matrix(rows: rows.columns, columns: rows.columns)
    }

    public var isFinished: Bool { row >= sums.rows }

    /// Xᵀ X, both triangles, once the run is finished.
    public var result: Matrix {
        precondition(isFinished)
        return sums
    }

    /// Goes on for about that many multiply-adds, one piece at least.
    public mutating func advance(operations: Int) {
        advancePieces(operations: operations)
    }

    /// Adds the products of 128 rows of X to 32 rows of the result.
    mutating func piece() -> Int {
        let size = sums.rows, end = min(row + Self.block, size), last = min(term + 128, rows.rows)
        rows.elements.withUnsafeBufferPointer { x in
            sums.elements.withUnsafeMutableBufferPointer { [row, term] sums in
                guard let x = x.baseAddress, let sums = sums.baseAddress else { return }
                let terms = x + term * size + row
                TransposedProduct.add(
                    terms, row: size, terms, row: size, to: sums + row * size + row, row: size, rows: end - row,
                    columns: size - row, depth: last - term)
                guard last == rows.rows else { return }
                for i in row..<end {
                    for j in i..<size { sums[j * size + i] = sums[i * size + j] }
                }
            }
        }
        let operations = (end - row) * (size - row) * (last - term)
        term = last
        if last == rows.rows { (row, term) = (end, 0) }
        return max(operations, 1)
    }
}
