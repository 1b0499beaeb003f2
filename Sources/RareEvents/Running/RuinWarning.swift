/// What a reader of a report must know before trusting it.
public enum RuinWarning: Sendable, Hashable {
    /// No sequence of games reaches the goal in time.
    case unreachable
    /// Nobody reached the goal.
    case noHits
    /// So few hits that the error is itself uncertain.
    case fewHits(UInt64)
    /// The tail of the weights is too heavy for the number of gamblers.
    case heavyTail(k: Double, threshold: Double)
    /// The probability is too small for a double.
    case underflow
    /// The limits came before the relative error asked for.
    case accuracyNotReached(Double)

    /// A sentence for people.
    public var message: String {
        switch self {
        case .unreachable:
            "the goal cannot be reached in the games allowed: the probability is exactly 0"
        case .noHits:
            "no gambler reached the goal: lower the variance (method=importance with q=auto), or raise n"
        case .fewHits(let hits):
            "only \(hits) gamblers reached the goal: the error is itself uncertain; lower the variance or raise n"
        case .heavyTail(let k, let threshold):
            "pareto_k \(k) is not below \(threshold): a few large weights decide, the error may be "
                + "understated; try q=auto"
        case .underflow:
            "the probability is below the smallest number that a double holds"
        case .accuracyNotReached(let target):
            "the relative error \(target) was not reached within the limits"
        }
    }
}
