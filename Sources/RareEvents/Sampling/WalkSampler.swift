/// Simulates gamblers, each by its number: the walk of gambler i is a pure function of (seed, i).
public protocol WalkSampler: Sendable {
    /// Plays the gamblers of these numbers until each has stopped.
    ///
    /// - Parameters:
    ///   - numbers: of gamblers, below 2^48.
    ///   - firstStream: where the random streams of this purpose begin.
    ///   - check: called every few milliseconds; what it throws ends the work.
    func simulate(
        _ numbers: Range<UInt64>, seed: UInt64, firstStream: UInt64, check: () throws -> Void
    ) throws -> RuinMoments

    /// How many gamblers take about a millisecond: a good unit of work.
    var gamblersPerUnit: UInt64 { get }
}
