import Expressions

/// J(μ, σ) = E_{x~N(μ,σ²)}[f(x)] + r(μ, σ), exactly: by quadrature.
final class Objective {
    private let expectation: GaussianExpectation
    private let regularizer: Regularizer

    init(f: Expression, r: Expression) {
        expectation = GaussianExpectation(of: f)
        regularizer = Regularizer(r)
    }

    enum Failure: Error {
        case expectation(QuadratureFailure)
        case regularizer(EvaluationError)

        /// In words that end a sentence about a point.
        var reason: String {
            switch self {
            case .expectation(.undefined(let error)): "in f, \(error)"
            case .expectation(.noConvergence): "the expectation of f does not converge"
            case .expectation(.tooMuchWork): "the expectation of f takes too many evaluations"
            case .regularizer(let error): "in r, \(error)"
            }
        }
    }

    /// J with its gradient and Hessian in θ.
    func expansion(at parameters: GaussianParameters) throws(Failure) -> Expansion {
        let moments: HermiteMoments
        do { moments = try expectation.moments(at: parameters) } catch { throw .expectation(error) }
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
}
