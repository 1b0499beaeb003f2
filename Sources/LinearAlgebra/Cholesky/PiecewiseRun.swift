/// A computation that goes on a piece at a time, so that other work may come in between.
protocol PiecewiseRun {
    associatedtype Failure: Error
    var isFinished: Bool { get }

    /// Does one piece.
    ///
    /// - Returns: its multiply-adds, about.
    mutating func piece() throws(Failure) -> Int
}

extension PiecewiseRun {
    /// Pieces of about that many multiply-adds in all, one at least, or as many as there are left.
    mutating func advancePieces(operations: Int) throws(Failure) {
        var left = operations
        repeat {
            guard !isFinished else { return }
            left -= try piece()
        } while left > 0
    }
}
