/// Simulates gamblers, each by its number: the walk of gambler i is a pure function of (seed, i).
public protocol WalkSampler: Sendable {
    /// Gamblers who are about to play.
    ///
    /// - Parameters:
    ///   - numbers: of gamblers, below 2^48.
    ///   - firstStream: where the random streams of this purpose begin.
    func walks(of numbers: Range<UInt64>, seed: UInt64, firstStream: UInt64) -> any Walks

    /// How many gamblers take about a millisecond: a good unit of work.
    var gamblersPerUnit: UInt64 { get }
}

/// Gamblers who play in time slices, so that those who play for hours can be left in between.
public protocol Walks: Sendable {
    /// Plays for about a millisecond.
    ///
    /// - Returns: the moments of all the gamblers, once each has ended its walk; it must not be called again after that.
    mutating func advance() -> RuinMoments?
}

extension WalkSampler {
    /// Plays gamblers `numbers` to their end.
    ///
    /// - Parameter check: called every few milliseconds; what it throws ends the work.
    public func simulate(
        _ numbers: Range<UInt64>, seed: UInt64, firstStream: UInt64 = 0, check: () throws -> Void = {}
    ) rethrows -> RuinMoments {
        var walks = walks(of: numbers, seed: seed, firstStream: firstStream)
        while true {
            try check()
            if let moments = walks.advance() { return moments }
        }
    }
}
