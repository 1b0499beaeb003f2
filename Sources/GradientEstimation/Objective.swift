import Expressions

/// J(μ, σ) = E_{x~N(μ,σ²)}[f(x)] + r(μ, σ), exactly: by quadrature.
///
/// Rules that are fast and nearly always right, until `verifyEverything` is called.
final class Objective {
    private let f: Expression
    private let expectation: GaussianExpectation
    private let regularizer: Regularizer
    private var isVerifying = false
    /// What verified expectations may cost, one and all: some tens of milliseconds, and seconds.
    private static let workAtOnce = 40_000_000
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

    /// J with its gradient and Hessian in θ.
    func expansion(at parameters: GaussianParameters) throws(Failure) -> Expansion {
        let moments: HermiteMoments
        do { moments = try self.moments(at: parameters) } catch { throw .expectation(error) }
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

    private func moments(at parameters: GaussianParameters) throws(QuadratureFailure) -> HermiteMoments {
        guard isVerifying else { return try expectation.moments(at: parameters) }
        let limit = min(work, Self.workAtOnce)
        let verified = VerifiedExpectation(of: f, at: parameters, work: limit)
        while true {
            if let result = verified.result {
                work -= limit - verified.workLeft
                return try result.get()
            }
            verified.advance()
        }
    }

    /// From now on every expectation has a bound on its error: for an f that the rules are wrong about.
    func verifyEverything() { isVerifying = true }

    /// Whether what the search used agrees with what was verified.
    func agrees(with verified: HermiteMoments, at parameters: GaussianParameters) -> Bool {
        guard let used = try? moments(at: parameters) else { return false }
        let size = (used.c + verified.c).reduce(0) { max($0, abs($1)) }
        return zip(used.c, verified.c).allSatisfy { abs($0 - $1) <= 1e-9 * size }
    }

    /// ∇J, as far as a verified expectation says; nil where there is none.
    func gradient(
        _ verified: Result<HermiteMoments, QuadratureFailure>?, at parameters: GaussianParameters
    ) -> ComponentPair<Double>? {
        guard case .success(let moments) = verified else { return nil }
        return agrees(with: moments, at: parameters)
            ? try? expansion(at: parameters).gradient
            : try? expansion(of: moments, at: parameters).gradient
    }
}
