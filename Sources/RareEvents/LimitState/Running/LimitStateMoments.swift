/// What the last stage of a run's shard came to: with the moments of the other shards, all that the whole run's report needs
/// besides what every shard finds out alike.
public struct LimitStateMoments: Sendable, Hashable {
    public enum Detail: Sendable, Hashable {
        /// Draws of the inputs or of a mixture.
        case draws(Draws)
        /// What was found along each direction, in their order, and the evaluations that it took.
        case directions(values: [Double], evaluations: UInt64)
    }

    public struct Draws: Sendable, Hashable {
        /// Whether hits are draws that are *not* in the event, since those are rarer.
        public var isComplement: Bool
        /// The least and the greatest safety margin, at most 0 in what is counted; ±∞ where there are no draws.
        public var least: Double
        public var greatest: Double
        /// Of the hits, in the order of the draws; nil for draws of the inputs, which all weigh the same.
        public var weights: Weights?

        public init(isComplement: Bool, least: Double, greatest: Double, weights: Weights?) {
            self.isComplement = isComplement
            self.least = least
            self.greatest = greatest
            self.weights = weights
        }
    }

    public struct Weights: Sendable, Hashable {
        /// log density / density drawn from.
        public var logs: [Double]
        /// How much of the density drawn from is that of the wide components, of the same number.
        public var wideShares: [Double]

        public init(logs: [Double], wideShares: [Double]) {
            self.logs = logs
            self.wideShares = wideShares
        }
    }

    /// Draws, or directions, of this shard.
    public var count: UInt64
    /// Draws, or directions, of the whole run.
    public var whole: UInt64
    public var hits: UInt64
    public var detail: Detail

    public init(count: UInt64, of whole: UInt64, hits: UInt64, detail: Detail) {
        self.count = count
        self.whole = whole
        self.hits = hits
        self.detail = detail
    }

    /// Whether these are draws of the inputs, draws of a mixture, or directions, and of what event.
    public func isLike(_ other: LimitStateMoments) -> Bool {
        switch (detail, other.detail) {
        case (.draws(let a), .draws(let b)):
            a.isComplement == b.isComplement && (a.weights == nil) == (b.weights == nil)
        case (.directions, .directions): true
        default: false
        }
    }

    /// The estimate that these draws alone give; of directions that all missed, 0.
    public var estimate: Double {
        switch detail {
        case .directions(let values, _):
            values.isEmpty ? 0 : max(values.reduce(0, +) / Double(values.count), 0)
        case .draws(let draws):
            draws.isComplement
                ? 1 - WeightedEstimate(SampledDraws(self), confidence: 0.5).estimate.value
                : WeightedEstimate(SampledDraws(self), confidence: 0.5).estimate.value
        }
    }
}

extension LimitStateMoments: ShardMoments {
    public var counted: String {
        switch detail {
        case .draws: "draws"
        case .directions: "directions"
        }
    }

    public mutating func append(_ next: LimitStateMoments) -> Bool {
        guard isLike(next), whole == next.whole else { return false }
        switch (detail, next.detail) {
        case (.draws(var mine), .draws(let others)):
            // Emptied first, so that the arrays grow in place.
            detail = .directions(values: [], evaluations: 0)
            mine.least = min(mine.least, others.least)
            mine.greatest = max(mine.greatest, others.greatest)
            if let more = others.weights {
                mine.weights?.logs += more.logs
                mine.weights?.wideShares += more.wideShares
            }
            detail = .draws(mine)
        case (.directions(var values, let evaluations), .directions(let more, let others)):
            detail = .directions(values: [], evaluations: 0)
            values += more
            detail = .directions(values: values, evaluations: evaluations + others)
        default: return false
        }
        count += next.count
        hits += next.hits
        return true
    }
}

extension SampledDraws {
    /// Without the draws themselves.
    init(_ moments: LimitStateMoments) {
        draws = moments.count
        hits = moments.hits
        guard case .draws(let detail) = moments.detail else { return }
        lowest = detail.least
        highest = detail.greatest
        logWeights = detail.weights?.logs ?? []
        wideShares = detail.weights?.wideShares ?? []
    }
}

extension LimitStateMoments {
    init(_ draws: SampledDraws, of whole: UInt64, isNaive: Bool, isComplement: Bool) {
        self.init(
            count: draws.draws, of: whole, hits: draws.hits,
            detail: .draws(
                Draws(
                    isComplement: isComplement, least: draws.lowest, greatest: draws.highest,
                    weights: isNaive ? nil : Weights(logs: draws.logWeights, wideShares: draws.wideShares))))
    }
}
