import Statistics

/// What a reader of a report must know before trusting it.
public enum LimitStateWarning: Sendable, Hashable {
    /// No draw was in the event.
    case noHits(draws: UInt64)
    /// Every draw was in the event.
    case noMisses(draws: UInt64)
    /// g had one value at all draws.
    case constant(Double)
    /// So few hits that the error is itself uncertain.
    case fewHits(UInt64)
    /// The tail of the weights is too heavy for the number of draws.
    case heavyTail(k: Double, threshold: Double, method: LimitStateSpecification.Method)
    /// A few weights are the whole estimate.
    case fewEffective(Double)
    /// Two methods say what cannot both be true; the other's estimate and its standard error.
    case contradicts(LimitStateSpecification.Method, Double, Double)
    /// Draws do not come where some of the event is: that share of it, by what another method found.
    case missesPart(share: Double)
    /// Draws of the wide part found hits where the rest did not look: their share of the estimate.
    case missedRegion(share: Double)
    /// The exact value is outside the interval by more than chance allows.
    case contradictsExact(Double)
    /// There are at most two variables, but quadrature gave no value that could be vouched for.
    case noExactValue
    /// The evaluations allowed came before the relative error asked for.
    case accuracyNotReached(Double, isSpent: Bool)
    /// There are more draws than were asked for, since the method needs them.
    case drawsRaised(from: UInt64, to: UInt64)
    /// Too few draws for an error.
    case tooFewDraws(UInt64, wanted: UInt64)
    /// Draws that differ by less than they should say nothing of the error.
    case noSpread
    /// The method keeps something of each draw, and made no more than this.
    case drawsBounded(UInt64)
    /// The evaluations allowed are too few for the method.
    case tooFewEvaluations(wanted: UInt64)
    /// No design point was found.
    case noDesignPoint
    /// A search ended where g has a kink or a jump, so that its gradient does not lead on.
    case notSmooth
    /// FORM's answer has no error that could be stated.
    case firstOrder

    /// A clause for people.
    public var message: String {
        switch self {
        case .noHits(let draws):
            "none of \(draws) draws was in the event: the interval is the exact one for no success; allow more evaluations, or "
                + "check the threshold"
        case .noMisses(let draws):
            "all of \(draws) draws were in the event: the interval is the exact one for no failure; ask for the other event to "
                + "see what is rare"
        case .constant(let value):
            "g was \(value) at every draw: the probability is 0 or 1 unless g changes where no draw came"
        case .fewHits(let hits):
            "only \(hits) \(hits == 1 ? "draw was" : "draws were") in the event, so the error is itself uncertain: allow more "
                + "evaluations"
        case .heavyTail(let k, let threshold, let method):
            "pareto_k \(k.threeDigits) is not below \(threshold.threeDigits): a few large weights dominate, and the error may be "
                + "understated; "
                + (method == .auto ? "compare with method=subset" : "use method=auto, or compare with subset")
        case .fewEffective(let size):
            "the weights average no more stably than \(size.threeDigits) equal ones: a few of them dominate, and the error may be "
                + "understated"
        case .contradicts(let method, let value, let error):
            "\(method.rawValue) found \(value.threeDigits) with a standard error of \(error.threeDigits), which this contradicts: the interval has been "
                + "widened to hold both"
        case .missesPart(let share):
            "\(share.percentage) of the points that subset simulation found in the event are where no draw came: the interval has been "
                + "widened to hold what it found"
        case .missedRegion(let share):
            "\(share.percentage) of the estimate comes from draws where no design point or sample had shown the event"
        case .contradictsExact(let exact):
            "the exact value \(exact.threeDigits) is outside the confidence interval by more than chance allows: allow more evaluations"
        case .noExactValue:
            "there is no exact value: quadrature did not settle to a part in 10000, as where the event has very many or very thin parts, or "
                + "is below 1e-300"
        case .accuracyNotReached(let target, let isSpent):
            isSpent
                ? "the relative error \(target) was not reached within max_evaluations"
                : "the relative error \(target) was not reached, though max_evaluations would have allowed more"
        case .drawsRaised(let asked, let made):
            "n = \(asked) is too small for this method, which repeats itself independently to know its error: it made \(made) draws"
        case .tooFewDraws(let draws, let wanted):
            "\(draws) \(draws == 1 ? "draw says" : "draws say") nothing of the error: ask for \(wanted) or more"
        case .noSpread:
            "all draws weigh the same, so that their spread says nothing of the error: allow more evaluations"
        case .drawsBounded(let most):
            "the method keeps something of each draw, at most of \(most), so that there are no more"
        case .tooFewEvaluations(let wanted):
            "max_evaluations is too small for this method, which wants \(wanted) or more"
        case .noDesignPoint:
            "no design point was found: g has no useful gradient, or does not reach the threshold"
        case .notSmooth:
            "a design-point search ended where g has a kink or a jump"
        case .firstOrder:
            "FORM linearizes g at the design points: there is no bound on its error; compare with method=auto"
        }
    }
}
