import Expressions

/// The part r(μ, σ) of the objective that needs no expectation, and its derivatives in
/// θ = (μ, τ): ∂r/∂τ = σ r_σ, ∂²r/∂τ² = σ r_σ + σ² r_σσ, ∂²r/∂μ∂τ = σ r_μσ.
final class Regularizer {
    private let gradientWorkspace: Workspace
    private let wholeWorkspace: Workspace

    /// - Parameter r: an expression in mu, sigma
    init(_ r: Expression) {
        gradientWorkspace = Workspace(r.program([.derivative(0), .derivative(1)]), width: 1)
        wholeWorkspace = Workspace(
            r.program([
                .value, .derivative(0), .derivative(1), .secondDerivative(0, 0),
                .secondDerivative(0, 1), .secondDerivative(1, 1),
            ]), width: 1)
    }

    /// ∇_θ r, with no allocation: once an iteration.
    func gradient(at parameters: GaussianParameters) throws(EvaluationError) -> ComponentPair<Double> {
        gradientWorkspace.input(0)[0] = parameters.mu
        gradientWorkspace.input(1)[0] = parameters.sigma
        gradientWorkspace.evaluate(count: 1)
        let mu = gradientWorkspace.output(0)[0]
        let sigma = gradientWorkspace.output(1)[0]
        if !(mu.isFinite && sigma.isFinite) {
            let point = [parameters.mu, parameters.sigma]
            if let failure = gradientWorkspace.program.firstFailure(at: point) { throw failure }
        }
        return ComponentPair(mu: mu, tau: parameters.sigma * sigma)
    }

    func expansion(at parameters: GaussianParameters) throws(EvaluationError) -> Expansion {
        let sigma = parameters.sigma
        let d = try wholeWorkspace.values(at: [parameters.mu, sigma])
        return Expansion(
            value: d[0], gradient: ComponentPair(mu: d[1], tau: sigma * d[2]),
            hessian: (d[3], sigma * d[4], sigma * d[2] + sigma * sigma * d[5]))
    }
}

/// A function of θ to second order at a point.
struct Expansion {
    var value: Double
    var gradient: ComponentPair<Double>
    var hessian: (mu: Double, mixed: Double, tau: Double)
}
