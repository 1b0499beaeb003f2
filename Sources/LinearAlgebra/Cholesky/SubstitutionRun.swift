/// Y = U⁻ᵀ B of a Cholesky factor U, a piece at a time: forward substitution in blocks of 32 rows.
/// n²/2 multiply-adds for each column of B; where B is the identity, a third of that.
public struct SubstitutionRun: Sendable, PiecewiseRun {
    private static let block = CholeskyRun.block

    private let factor: CholeskyFactor
    private let isTriangular: Bool
    /// B, of which a row after the other becomes Y's.
    private var rows: Matrix
    /// The first row of the block that is solved next, or was last.
    private var first = 0
    /// The first row that still lacks what the block takes away; at or before `first` where that is not solved yet.
    private var below = 0

    /// - Parameter right: B, as many rows as the factor; nil for the identity, with which Y is lower triangular.
    public init(_ right: Matrix?, by factor: CholeskyFactor) {
        precondition(right.map { $0.rows == factor.size } ?? true)
        self.factor = factor
        isTriangular = right == nil
        rows = right ?? .identity(factor.size)
    }

    private var size: Int { factor.size }
    public var isFinished: Bool { first >= size }

    /// Y, once the run is finished.
    public var result: Matrix {
        precondition(isFinished)
        return rows
    }

    /// Goes on for about that many multiply-adds, one piece at least.
    public mutating func advance(operations: Int) {
        advancePieces(operations: operations)
    }

    /// Solves a block of rows, or subtracts the block from 32 rows below.
    ///
    /// - Returns: its multiply-adds, about.
    mutating func piece() -> Int {
        let size = size, end = min(first + Self.block, size), columns = isTriangular ? end : rows.columns
        if below <= first {
            solve(first..<end)
            below = end
            if end == size { first = size }
            return max((end - first) * (end - first) / 2 * columns, 1)
        }
        let last = min(below + Self.block, size), stride = rows.columns
        withPointers { [first, below] u, y in
            TransposedProduct.subtract(
                u + first * size + below, row: size, y + first * stride, row: stride, from: y + below * stride,
                row: stride, rows: last - below, columns: columns, depth: end - first)
        }
        let operations = (last - below) * columns * (end - first)
        below = last
        if last == size { (first, below) = (end, end) }
        return max(operations, 1)
    }

    private mutating func solve(_ block: Range<Int>) {
        let size = size, stride = rows.columns, isTriangular = isTriangular
        withPointers { u, y in
            for k in block {
                let columns = isTriangular ? k + 1 : stride
                TransposedProduct.subtract(
                    u + block.lowerBound * size + k, row: size, y + block.lowerBound * stride, row: stride,
                    from: y + k * stride, row: stride, rows: 1, columns: columns, depth: k - block.lowerBound)
                TransposedProduct.scale(y + k * stride, by: 1 / u[k * size + k], count: columns)
            }
        }
    }

    private mutating func withPointers(_ body: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void) {
        factor.upper.elements.withUnsafeBufferPointer { u in
            rows.elements.withUnsafeMutableBufferPointer { y in
                guard let u = u.baseAddress, let y = y.baseAddress else { return }
                body(u, y)
            }
        }
    }
}
