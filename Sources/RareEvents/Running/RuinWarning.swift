/// What a reader of a report must know before trusting it.
public enum RuinWarning: Sendable, Hashable {
    /// No sequence of games reaches the goal in time.
    case unreachable
    /// Nobody reached the goal.
    case noHits
    /// So few hits that the error is itself uncertain.
    case fewHits(UInt64)
    /// The same of those who did not reach the goal, in a game played as it is.
    case fewMisses(UInt64)
    /// All hits have the same weight, though others are possible.
    case weightsAllAlike
    /// The tail of the weights is too heavy for the number of gamblers.
    case heavyTail(k: Double, threshold: Double)
    /// A few weights are the whole estimate.
    case fewEffective(Double)
    /// Naive sampling would have had less variance; the ratio of its variance to this one's.
    case moreVarianceThanNaive(Double)
    /// No probability is above 1.
    case aboveOne
    /// The exact value is outside the interval by more than chance allows.
    case contradictsExact(Double)
    /// The probability is too small for a double.
    case underflow
    /// The weights are too large for a double.
    case overflow
    /// The limits came before the relative error asked for.
    case accuracyNotReached(Double)

    /// A clause for people.
    public var message: String {
        switch self {
        case .unreachable:
            "the goal cannot be reached in the games allowed: the probability is exactly 0"
        case .noHits:
            "no gambler reached the goal: lower the variance (method=importance with q=auto), or raise n"
        case .fewHits(let hits):
            "only \(hits) \(hits == 1 ? "gambler" : "gamblers") reached the goal, so the error is itself "
                + "uncertain: lower the variance (method=importance with q=auto), or raise n"
        case .fewMisses(0):
            "every gambler reached the goal, so the spread of the draws says nothing about the error: "
                + "rely on the confidence interval, or raise n"
        case .fewMisses(let misses):
            "only \(misses) \(misses == 1 ? "gambler" : "gamblers") did not reach the goal, so the error "
                + "is itself uncertain: raise n"
        case .weightsAllAlike:
            "all hits have the same weight although other weights are possible, so their spread says "
                + "nothing about the error: use q=auto"
        case .heavyTail(let k, let threshold):
            "pareto_k \(k.threeDigits) is not below \(threshold.threeDigits): a few large weights dominate, and the error may "
                + "be understated; use q=auto"
        case .fewEffective(let size):
            "the weights average no more stably than \(size.threeDigits) equal ones: a few of them dominate, and the "
                + "error may be understated; use q=auto"
        case .moreVarianceThanNaive(let ratio):
            "the variance is larger than that of naive sampling (variance_reduction \(ratio.threeDigits)): use q=auto"
        case .aboveOne:
            "the estimate is above 1, which no probability is: use q=auto, or raise n"
        case .contradictsExact(let exact):
            "the exact value \(exact.threeDigits) is outside the confidence interval by more than chance allows: "
                + "the draws have missed what matters; use q=auto, or raise n"
        case .underflow:
            "the probability is below the smallest number that a double holds"
        case .overflow:
            "the weights exceed the largest number that a double holds: use q=auto"
        case .accuracyNotReached(let target):
            "the relative error \(target) was not reached within the limits"
        }
    }
}
