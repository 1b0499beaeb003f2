import Statistics

/// What is known of a limit state's probability.
public struct LimitStateReport: Sendable, Hashable {
    /// A draw of the estimate's last stage.
    public struct Draw: Sendable, Hashable {
        public let x: [Double]
        /// g(x).
        public let value: Double
        /// How much it counts where it is a hit: density / density drawn from.
        public let weight: Double
        public let isHit: Bool
    }

    /// P(event). Its standard error is nil for a method that has none, and where no draw, or every draw, hit.
    public var estimate: Estimate
    /// standard error / estimate; nil without either.
    public var relativeError: Double? { estimate.relativeError }
    /// Nil for a method that states no error (FORM).
    public var confidenceInterval: ConfidenceInterval?
    /// By quadrature, for at most two variables; nil otherwise, and where quadrature does not settle.
    public var exact: Double?
    /// (estimate − exact)/standard error.
    public var zScore: Double? { exact.flatMap(estimate.zScore(against:)) }
    /// Draws of the estimate in the event; for `subset` samples of the last level; 0 for `form`.
    public var hits: UInt64
    /// Draws that the estimate is made of, exploration not counted; directions for `directional`.
    public var draws: UInt64
    /// Points at which g was evaluated, all stages together; those of the exact value are not counted.
    public var evaluations: UInt64
    /// Of those, the points at which the gradient was taken too.
    public var gradientEvaluations: UInt64
    /// Kish's, over the weights of the hits; nil without hits, and for methods without weights.
    public var effectiveSampleSize: Double?
    /// Of the weights of the hits; nil where there is no tail to fit.
    public var paretoK: ParetoK?
    /// Variance of naive sampling with as many evaluations / variance of this; nil without a standard error.
    public var varianceReduction: Double?
    /// The method that made the estimate; never `auto`.
    public var method: LimitStateSpecification.Method
    /// Why `auto` took it: a sentence. Nil where the method was asked for.
    public var reason: String?
    /// By reliability index; empty where none was searched for or found.
    public var designPoints: [DesignPoint]
    /// The probability of the half-spaces that touch at the design points, jointly; nil without any.
    public var formProbability: Double?
    /// The first draws of the last stage, a few thousand at most.
    public var sample: [Draw]
    public var warnings: [LimitStateWarning]
    /// What the draws came to, for merging; nil for a run that is not split.
    public var moments: LimitStateMoments?
    /// Where shards are merged: the report of each, in the order in which they were given.
    public var shards: [LimitStateReport] = []
}
