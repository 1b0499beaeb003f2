import Expressions

/// The search for J's optimum with its verification, and the verified gradient at the start:
/// `advance` until there is an `optimum`.
///
/// The search uses quadrature rules that a spike between their nodes deceives. So its end is checked
/// by `VerifiedExpectation`; where they disagree, all of the search is repeated with that.
final class OptimumSearch {
    /// Nil until all is known.
    private(set) var optimum: Optimum?

    private let specification: GradientSpecification
    private let objective: Objective
    private var search: MinimumSearch
    private let atStart: VerifiedExpectation
    private var atOptimum: VerifiedExpectation?
    private var isRepeated = false

    init(_ specification: GradientSpecification) {
        self.specification = specification
        objective = Objective(f: specification.f, r: specification.r)
        search = MinimumSearch(from: specification.start)
        atStart = VerifiedExpectation(of: specification.f, at: specification.start)
    }

    /// Goes on by one evaluation of J, or by about a millisecond of a verification.
    func advance() {
        guard let found = search.result else { return search.advance(on: objective) }
        guard atStart.result != nil else { return atStart.advance() }
        guard let parameters = found.parameters else {
            // What the search says where there is no expectation at all is not the reason.
            if case .failure(let failure) = atStart.result {
                optimum = .none(reason: "at the start, \(Objective.Failure.expectation(failure).reason)")
            } else {
                optimum = found
            }
            return
        }
        let check = atOptimum ?? VerifiedExpectation(of: specification.f, at: parameters)
        atOptimum = check
        switch check.result {
        case nil: check.advance()
        case .failure(let failure):
            let reason = Objective.Failure.expectation(failure).reason
            optimum = .none(reason: "near mu = \(parameters.mu), sigma = \(parameters.sigma), \(reason)")
        case .success(let moments):
            if isRepeated || objective.agrees(with: moments, at: parameters) {
                optimum = found
            } else {
                isRepeated = true
                atOptimum = nil
                objective.verifyEverything()
                search = MinimumSearch(from: specification.start)
            }
        }
    }

    /// ∇J at the start, and at the optimum, each nil where it cannot be had.
    var gradientAtStart: TrueGradient? {
        objective.gradient(atStart.result, at: specification.start)
    }

    var gradientAtOptimum: TrueGradient? {
        guard let parameters = optimum?.parameters else { return nil }
        return objective.gradient(atOptimum?.result, at: parameters)
    }
}
