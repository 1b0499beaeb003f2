import Expressions

/// J(μ, σ) = E_{x~N(μ,σ²)}[f(x)] + r(μ, σ), exactly: by quadrature.
///
/// Rules that are fast and nearly always right, until `verifyEverything` is called.
final class Objective {
    private let f: Expression
    private let expectation: GaussianExpectation
    private let regularizer: Regularizer
    private var isVerifying = false
    /// The verification that goes on, and what all of them may still cost.
    private var pending: (parameters: GaussianParameters, expectation: VerifiedExpectation)?
    private var work = 1_000_000_000

    init(f: Expression, r: Expression) {
        self.f = f
        expectation = GaussianExpectation(of: f)
        regularizer = Regularizer(r)
    }

    enum Failure: Error {
        case expectation(QuadratureFailure)
        case regularizer(EvaluationError)

        /// In words that end a sentence about a point.
        var reason: String {
            switch self {
            case .expectation(let failure): failure.reason("f", variables: GradientSpecification.variableOfF)
            case .regularizer(let error): "in r, \(error)"
            }
        }
    }

    /// J with its gradient and Hessian in θ; nil where that takes longer than about a millisecond: then
    /// it goes on at the next call with the same parameters.
    func expansion(at parameters: GaussianParameters) throws(Failure) -> Expansion? {
        let moments: HermiteMoments?
        do {
            moments = isVerifying ? try verifiedMoments(at: parameters) : try expectation.moments(at: parameters)
        } catch { throw .expectation(error) }
        guard let moments else { return nil }
        return try expansion(of: moments, at: parameters)
    }

    /// J's expansion, given what its expectation comes to.
    func expansion(
        of moments: HermiteMoments, at parameters: GaussianParameters
    ) throws(Failure) -> Expansion {
        var result: Expansion
        do { result = try regularizer.expansion(at: parameters) } catch { throw .regularizer(error) }
        let gradient = moments.gradient(sigma: parameters.sigma)
        let hessian = moments.hessian(sigma: parameters.sigma)
        result.value += moments.mean
        result.gradient.mu += gradient.mu
        result.gradient.tau += gradient.tau
        result.hessian.mu += hessian.mu
        result.hessian.mixed += hessian.mixed
        result.hessian.tau += hessian.tau
        return result
    }

    private func verifiedMoments(at parameters: GaussianParameters) throws(QuadratureFailure) -> HermiteMoments? {
        if pending?.parameters != parameters {
            pending = (parameters, VerifiedExpectation(of: f, at: parameters, work: work))
        }
        guard let expectation = pending?.expectation else { return nil }
        expectation.advance()
        guard let result = expectation.result else { return nil }
        work = expectation.workLeft
        return try result.get()
    }

    /// From now on every expectation has a bound on its error: for an f that the rules are wrong about.
    func verifyEverything() { isVerifying = true }

    /// Whether what the search used agrees with what was verified.
    func agrees(with verified: HermiteMoments, at parameters: GaussianParameters) -> Bool {
        guard !isVerifying else { return true }
        guard let used = try? expectation.moments(at: parameters) else { return false }
        let size = (used.c + verified.c).reduce(0) { max($0, abs($1)) }
        return zip(used.c, verified.c).allSatisfy { abs($0 - $1) <= 1e-9 * size }
    }

    /// ∇J, as far as a verified expectation says; nil where there is none.
    func gradient(
        _ verified: Result<HermiteMoments, QuadratureFailure>?, at parameters: GaussianParameters
    ) -> TrueGradient? {
        guard case .success(let moments) = verified else { return nil }
        if !isVerifying, agrees(with: moments, at: parameters), let used = try? expectation.moments(at: parameters) {
            return gradient(used, at: parameters)
        }
        return gradient(moments, at: parameters)
    }

    private func gradient(_ moments: HermiteMoments, at parameters: GaussianParameters) -> TrueGradient? {
        guard let value = try? expansion(of: moments, at: parameters).gradient else { return nil }
        let size = moments.c.reduce(0) { max($0, abs($1)) }
        return TrueGradient(
            value: value,
            rounding: ComponentPair(
                mu: TrueGradient.precision * (size / parameters.sigma + abs(value.mu)),
                tau: TrueGradient.precision * (size + abs(value.tau))))
    }
}

/// ∇J by quadrature, and a bound on what rounding does to it and to an estimate of it: both are sums of
/// terms of f's size, which may cancel.
struct TrueGradient {
    let value: ComponentPair<Double>
    let rounding: ComponentPair<Double>

    /// Some tens of units in the last place of the terms.
    static let precision = 1e-14
}
