/// U of A = Uᵀ U, with which systems in A are solved.
public struct CholeskyFactor: Sendable {
    /// U; 0 below the diagonal.
    public let upper: Matrix

    /// - Parameter upper: upper triangular, its diagonal above 0.
    public init(upper: Matrix) {
        precondition(upper.isSquare)
        self.upper = upper
    }

    /// Factors at one go.
    public init(of matrix: Matrix) throws(NotPositiveDefinite) {
        var run = CholeskyRun(matrix)
        while !run.isFinished { try run.advance(operations: .max) }
        self = run.factor
    }

    public var size: Int { upper.rows }

    /// A⁻¹ b. n² multiply-adds.
    public func solve(_ b: [Double]) -> [Double] { solveUpper(solveTransposed(b)) }

    /// U⁻ᵀ b, by forward substitution.
    public func solveTransposed(_ b: [Double]) -> [Double] {
        precondition(b.count == size)
        var y = b
        let size = size, block = CholeskyRun.block
        upper.elements.withUnsafeBufferPointer { u in
            y.withUnsafeMutableBufferPointer { y in
                guard let u = u.baseAddress, let y = y.baseAddress else { return }
                for first in stride(from: 0, to: size, by: block) {
                    let end = min(first + block, size)
                    for k in first..<end {
                        y[k] /= u[k * size + k]
                        for j in k + 1..<max(end, k + 1) { y[j] = y[j].addingProduct(-y[k], u[k * size + j]) }
                    }
                    TransposedProduct.subtract(
                        y + first, row: 1, u + first * size + end, row: size, from: y + end, row: size, rows: 1,
                        columns: size - end, depth: end - first)
                }
            }
        }
        return y
    }

    /// U⁻¹ y, by backward substitution. Where y is standard normal, it has the covariance A⁻¹.
    public func solveUpper(_ y: [Double]) -> [Double] {
        precondition(y.count == size)
        var x = y
        let size = size
        upper.elements.withUnsafeBufferPointer { u in
            x.withUnsafeMutableBufferPointer { x in
                guard let u = u.baseAddress, let x = x.baseAddress else { return }
                for k in stride(from: size - 1, through: 0, by: -1) {
                    let row = u + k * size
                    let known = TransposedProduct.dot(row + k + 1, x + k + 1, count: size - k - 1)
                    x[k] = (x[k] - known) / row[k]
                }
            }
        }
        return x
    }
}
