import Statistics

/// All that is kept of simulated gamblers: exact counts, so that merging in any order and
/// any grouping gives the same value, and every figure of a report follows from it.
public struct RuinMoments: Sendable, Hashable {
    /// Gamblers who reached the goal by the same event, and so with the same weight.
    public struct HitCount: Sendable, Hashable {
        public var event: HittingEvent
        public var count: UInt64

        public init(event: HittingEvent, count: UInt64) {
            self.event = event
            self.count = count
        }
    }

    /// Those who reached the goal, and their weights.
    public enum Hits: Sendable, Hashable {
        /// By event, ascending, each once, counts above 0.
        case counts([HitCount])
        /// For weights W that follow from no event: with r = W/reference − 1, in units of
        /// 2^-30 and rounded for each gambler, the exact Σ r and Σ r² over the hits.
        case relativeSums(hits: UInt64, sum: Int128, squares: Int128)
    }

    /// Gamblers simulated.
    public var gamblers: UInt64
    /// Games that they played.
    public var games: UInt64
    public var hits: Hits

    public init(gamblers: UInt64, games: UInt64, hits: Hits) {
        self.gamblers = gamblers
        self.games = games
        self.hits = hits
    }

    /// How many reached the goal.
    public var hitCount: UInt64 {
        switch hits {
        case .counts(let counts): counts.reduce(0) { $0 + $1.count }
        case .relativeSums(let hits, _, _): hits
        }
    }

    /// What gamblers with these hits can have played together: those who reached the goal by a known event its games, others from the
    /// fewest that end a walk to all that are allowed.
    public func possibleGames(of ruin: GamblersRuin) -> ClosedRange<UInt64> {
        let most = ruin.maximumGames
        var known: UInt64 = 0, few = ruin.fewestLosses, unknown = gamblers - min(hitCount, gamblers)
        switch hits {
        case .counts(let counts): known = counts.reduce(0) { $0.adding($1.count.multiplied(by: $1.event.games)) }
        case .relativeSums:
            unknown = gamblers
            few = min(few, ruin.fewestGames ?? most)
        }
        return known.adding(unknown.multiplied(by: min(few, most)))...known.adding(unknown.multiplied(by: most))
    }

    /// Most distinct events that a run may have: some 30 MB, and as much again in a reply.
    public static let mostEvents = 1 << 20

    /// Throws where there are more distinct events than a run may have.
    public func requireFewEvents() throws(InvalidParameter) {
        guard case .counts(let counts) = hits, counts.count > Self.mostEvents else { return }
        throw InvalidParameter(
            "n",
            "leads to more than \(Self.mostEvents) different ways to reach the goal, each of which "
                + "has to be counted: lower it, or “k”, or choose stakes with a common divisor")
    }

    /// Adds other gamblers. Exact: commutative and associative.
    public mutating func merge(_ other: RuinMoments) {
        gamblers += other.gamblers
        games += other.games
        switch (hits, other.hits) {
        case (.counts(let mine), .counts(let others)):
            hits = .counts(RuinMoments.merged(mine, others))
        case (.relativeSums(let a, let sum, let squares), .relativeSums(let b, let otherSum, let otherSquares)):
            hits = .relativeSums(hits: a + b, sum: sum + otherSum, squares: squares + otherSquares)
        default:
            preconditionFailure("moments of different methods do not merge")
        }
    }

    private static func merged(_ a: [HitCount], _ b: [HitCount]) -> [HitCount] {
        var result: [HitCount] = []
        result.reserveCapacity(max(a.count, b.count))
        var i = 0, j = 0
        while i < a.count && j < b.count {
            if a[i].event == b[j].event {
                result.append(HitCount(event: a[i].event, count: a[i].count + b[j].count))
                i += 1
                j += 1
            } else if a[i].event < b[j].event {
                result.append(a[i])
                i += 1
            } else {
                result.append(b[j])
                j += 1
            }
        }
        result += a[i...]
        result += b[j...]
        return result
    }
}

extension UInt64 {
    /// The product, or the largest number there is.
    fileprivate func multiplied(by other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    fileprivate func adding(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
