/// A matrix that has no Cholesky factor: it is not positive definite, or single numbers of it are not finite.
public struct NotPositiveDefinite: Error, Hashable, Sendable, CustomStringConvertible {
    /// The row at which that was found.
    public let row: Int

    public init(row: Int) { self.row = row }

    public var description: String { "the matrix is not positive definite, as its row \(row) shows" }
}
