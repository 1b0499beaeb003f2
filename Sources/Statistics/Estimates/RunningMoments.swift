/// Mean and variance of a stream, updated draw by draw and merged across streams without
/// the cancellation of Σx² − (Σx)²/n (Chan, Golub, LeVeque, "Updating formulae and a
/// pairwise algorithm for computing sample variances", 1979, equations 2.1).
///
/// Merging in another order changes the last bits: where bytes must not depend on the
/// order, merge exact counts instead and form the moments from them at the end.
public struct RunningMoments: Sendable, Hashable {
    /// How many draws there were.
    public private(set) var count: UInt64 = 0
    public private(set) var mean: Double = 0
    /// Σ (x − mean)².
    public private(set) var sumOfSquares: Double = 0

    public init() {}

    /// The moments of `values`, each with how often it occurs, by two passes: exact for
    /// values and counts whose sums a double holds.
    public init(_ values: [(value: Double, count: UInt64)]) {
        var sum = 0.0
        for (value, times) in values {
            count += times
            sum += value * Double(times)
        }
        guard count > 0 else { return }
        mean = sum / Double(count)
        for (value, times) in values {
            sumOfSquares += (value - mean) * (value - mean) * Double(times)
        }
    }

    /// Adds a draw, or the same one `times` over. O(1).
    public mutating func add(_ x: Double, times: UInt64 = 1) {
        var draws = RunningMoments()
        draws.count = times
        draws.mean = x
        merge(draws)
    }

    /// Adds all that `other` has seen. O(1).
    public mutating func merge(_ other: RunningMoments) {
        guard other.count > 0 else { return }
        let total = count + other.count
        let difference = other.mean - mean
        let share = Double(other.count) / Double(total)
        mean += difference * share
        sumOfSquares += other.sumOfSquares + difference * difference * Double(count) * share
        count = total
    }

    /// The unbiased sample variance; `nil` for fewer than two draws.
    public var variance: Double? {
        count > 1 ? sumOfSquares / Double(count - 1) : nil
    }

    /// √(variance / count); `nil` for fewer than two draws.
    public var standardErrorOfMean: Double? {
        variance.map { ($0 / Double(count)).squareRoot() }
    }
}

extension RunningMoments {
    /// The moments of groups of draws, given each group's mean and size, and Σ (x − mean of
    /// its group)² over all.
    package init(_ groups: [(value: Double, count: UInt64)], scatteredWithin sumOfSquares: Double) {
        self.init(groups)
        self.sumOfSquares += sumOfSquares
    }
}
