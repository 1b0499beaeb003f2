/// The Cholesky factorization A = Uᵀ U, U upper triangular, of a symmetric positive definite matrix, a piece at a
/// time (Golub and Van Loan, "Matrix Computations", 4th edition, section 4.2). n³/6 multiply-adds for n rows.
///
/// Blocks of 32 rows: a block is factored, then what it takes away from the rows below is subtracted,
/// 32 of them at a time. A number's terms are subtracted in order of the rows whatever the blocks,
/// so that its bits are those of the textbook's loop.
public struct CholeskyRun: Sendable, PiecewiseRun {
    /// Rows a block.
    static let block = 32

    private var matrix: Matrix
    /// The first row of the block that is factored next, or was last.
    private var first = 0
    /// The first row that still lacks what the block takes away; at or before `first` where that is not factored yet.
    private var below = 0

    /// - Parameter matrix: its upper triangle is read.
    public init(_ matrix: Matrix) {
        precondition(matrix.isSquare)
        self.matrix = matrix
    }

    public var isFinished: Bool { first >= matrix.rows }

    /// The factor, once the run is finished.
    public var factor: CholeskyFactor {
        precondition(isFinished)
        return CholeskyFactor(upper: matrix)
    }

    /// Goes on for about that many multiply-adds, one piece at least.
    ///
    /// - Throws: `NotPositiveDefinite`; the run is not to be continued then.
    public mutating func advance(operations: Int) throws(NotPositiveDefinite) {
        try advancePieces(operations: operations)
    }

    /// One piece: a block's factorization, or its subtraction from 32 rows.
    ///
    /// - Returns: its multiply-adds, about.
    mutating func piece() throws(NotPositiveDefinite) -> Int {
        let size = matrix.rows, end = min(first + Self.block, size)
        if below <= first {
            try factorBlock(first..<end)
            below = end
            if end == size { first = size }
            return (end - first) * (end - first) / 2 * (size - first)
        }
        let last = min(below + Self.block, size)
        let (depth, columns) = (end - first, size - below)
        matrix.elements.withUnsafeMutableBufferPointer { [first, below] buffer in
            guard let a = buffer.baseAddress else { return }
            let upper = a + first * size + below
            TransposedProduct.subtract(
                upper, row: size, upper, row: size, from: a + below * size + below, row: size, rows: last - below,
                columns: columns, depth: depth)
        }
        let operations = (last - below) * columns * depth
        below = last
        if last == size { (first, below) = (end, end) }
        return operations
    }

    /// Factors rows from which all rows before the block have been subtracted.
    private mutating func factorBlock(_ rows: Range<Int>) throws(NotPositiveDefinite) {
        let size = matrix.rows
        let failure = matrix.elements.withUnsafeMutableBufferPointer { buffer -> Int? in
            guard let a = buffer.baseAddress else { return nil }
            for k in rows {
                let row = a + k * size, depth = k - rows.lowerBound
                let above = a + rows.lowerBound * size + k
                TransposedProduct.subtract(
                    above, row: size, above, row: size, from: row + k, row: size, rows: 1, columns: size - k,
                    depth: depth)
                guard row[k] > 0, row[k].isFinite else { return k }
                let root = row[k].squareRoot()
                row[k] = root
                TransposedProduct.scale(row + k + 1, by: 1 / root, count: size - k - 1)
                for j in 0..<k { row[j] = 0 }
            }
            return nil
        }
        if let failure { throw NotPositiveDefinite(row: failure) }
    }
}
