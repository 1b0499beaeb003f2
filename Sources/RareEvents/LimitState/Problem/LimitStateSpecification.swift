import Statistics

/// How the probability of a limit state is to be estimated.
public struct LimitStateSpecification: Sendable, Hashable {
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Explores by two methods, compares them, and samples from what they found.
        case auto
        /// Counts draws of the inputs.
        case naive
        /// The first-order reliability method: no error, since it has none to state.
        case form
        /// Draws from a mixture around all design points found.
        case importance
        /// Draws from a mixture fitted level by level.
        case crossEntropy = "cross_entropy"
        /// Markov chains level by level, repeated independently.
        case subset
        /// Random directions, along each of which the probability is integrated.
        case directional
    }

    public enum Extent: Sendable, Hashable {
        /// Until the relative error is at most this.
        case relativeError(Double)
        /// So many draws in the estimate; directions for `directional`, samples of each level for `subset`.
        case draws(UInt64)
    }

    /// The most evaluations that a run may be allowed.
    public static let mostEvaluations: UInt64 = 1_000_000_000_000

    public let method: Method
    public let extent: Extent
    /// Most evaluations of g, all stages together.
    public let maximumEvaluations: UInt64
    /// Of the interval, between 0 and 1.
    public let confidence: Double
    public let seed: UInt64
    /// The part of the estimate's draws, or directions, that is to be drawn; nil for a run that is not split. Exploration is
    /// repeated by every shard, alike.
    public private(set) var shard: Shard?

    /// The run that this is a part of.
    public var whole: LimitStateSpecification {
        var whole = self
        whole.shard = nil
        return whole
    }

    /// One of its parts.
    public func part(_ shard: Shard) -> LimitStateSpecification {
        var part = self
        part.shard = shard
        return part
    }

    /// - Throws: `InvalidParameter` naming `relative_error`, `n`, `max_evaluations`, `confidence`, or `shard` where what the method
    ///   does depends on all of its draws, so that a part of them cannot be drawn alone.
    public init(
        method: Method = .auto, extent: Extent = .relativeError(0.05), maximumEvaluations: UInt64 = 1_000_000,
        confidence: Double = 0.95, seed: UInt64, shard: Shard? = nil
    ) throws(InvalidParameter) {
        switch extent {
        case .relativeError(let target):
            guard target > 0, target.isFinite else { throw InvalidParameter("relative_error", "must be above 0") }
        case .draws(let n):
            guard n >= 1 else { throw InvalidParameter("n", "must be at least 1") }
            guard n <= maximumEvaluations else {
                throw InvalidParameter("n", "must be at most max_evaluations, \(maximumEvaluations)")
            }
        }
        guard maximumEvaluations >= 1, maximumEvaluations <= Self.mostEvaluations else {
            throw InvalidParameter("max_evaluations", "must lie between 1 and \(Self.mostEvaluations)")
        }
        guard confidence > 0, confidence < 1 else {
            throw InvalidParameter("confidence", "must lie strictly between 0 and 1")
        }
        if let shard { try Self.requireSplittable(method, extent, maximumEvaluations, shard) }
        self.shard = shard
        self.method = method
        self.extent = extent
        self.maximumEvaluations = maximumEvaluations
        self.confidence = confidence
        self.seed = seed
    }

    /// Those whose draws are a fixed number of pure functions of their indices.
    private static let splittable: [Method] = [.auto, .naive, .importance, .crossEntropy, .directional]

    private static func requireSplittable(
        _ method: Method, _ extent: Extent, _ maximumEvaluations: UInt64, _ shard: Shard
    ) throws(InvalidParameter) {
        guard splittable.contains(method) else {
            let why =
                method == .form
                ? "which draws nothing" : "whose later levels depend on all draws of the earlier ones"
            let others = splittable.map(\.rawValue).joined(separator: ", ")
            throw InvalidParameter(
                "shard", "cannot split method \(method.rawValue), \(why): \(others) can be split, with “n”")
        }
        guard case .draws(let n) = extent else {
            throw InvalidParameter(
                "shard", "needs “n”: where the relative error decides, how many draws there are depends on all of them")
        }
        guard shard.count <= n else {
            throw InvalidParameter("shard", "must be of at most as many shards as “n”, \(n), not \(shard.count)")
        }
        let (wanted, overflow) = n.multipliedReportingOverflow(by: DirectionalSampling.cost)
        guard
            method != .directional
                || !overflow && maximumEvaluations >= DirectionalSampling.reserve
                    && wanted <= maximumEvaluations - DirectionalSampling.reserve
        else {
            throw InvalidParameter(
                "max_evaluations",
                "is too small for a run in shards, none of which may end by it: \(n) directions take about "
                    + "\(DirectionalSampling.cost) evaluations each, and \(DirectionalSampling.reserve) must remain")
        }
    }
}
