import Statistics

/// θ = (μ, τ) of a Gaussian N(μ, σ²) with σ = e^τ: the coordinates that descent moves in.
public struct GaussianParameters: Hashable, Sendable {
    public let mu, tau: Double
    /// e^τ, or the very number that τ was made from.
    public let sigma: Double

    /// - Precondition: sigma > 0.
    public init(mu: Double, sigma: Double) {
        precondition(sigma > 0, "a standard deviation is positive")
        self.mu = mu
        self.sigma = sigma
        tau = ElementaryFunction.log(sigma)
    }

    public init(mu: Double, tau: Double) {
        self.mu = mu
        self.tau = tau
        sigma = ElementaryFunction.exp(tau)
    }

    /// Whether they describe a Gaussian that a double can hold.
    var isProper: Bool { mu.isFinite && sigma.isNormal }

    func moved(mu: Double, tau: Double) -> GaussianParameters {
        GaussianParameters(mu: self.mu + mu, tau: self.tau + tau)
    }
}

/// A pair of numbers, one for each component of θ.
public struct ComponentPair<Value> {
    public var mu, tau: Value

    public init(mu: Value, tau: Value) {
        self.mu = mu
        self.tau = tau
    }
}

extension ComponentPair: Equatable where Value: Equatable {}
extension ComponentPair: Hashable where Value: Hashable {}
extension ComponentPair: Sendable where Value: Sendable {}
