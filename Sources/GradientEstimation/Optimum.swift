/// The minimum of J that a descent from the start comes to.
public enum Optimum: Hashable, Sendable {
    case found(GaussianParameters, value: Double)
    /// There is none to be had, and why.
    case none(reason: String)

    public var parameters: GaussianParameters? {
        if case .found(let parameters, _) = self { return parameters }
        return nil
    }
}

extension Objective {
    /// Newton's method on the exact J in θ, each step at most half a unit long and taken only
    /// downhill, so that it ends in the basin that it began in. Where the Hessian is not
    /// positive definite the step follows its eigenvectors with the eigenvalues' sizes.
    func minimum(from start: GaussianParameters) -> Optimum {
        var at = start
        var here: Expansion
        do { here = try expansion(at: at) } catch {
            return .none(reason: "at the start, \(error.reason)")
        }
        for _ in 0..<Self.mostSteps {
            guard let step = here.newtonStep else { break }
            let length = hypotenuse(step.mu, step.tau)
            var factor = min(1, Self.longestStep / length)
            var next: (GaussianParameters, Expansion)?
            var failure: Failure?
            // Rounding in J hides progress below this; then the gradient must shrink instead.
            let isPolishing = length < 1e-5
            for _ in 0..<40 {
                let trial = at.moved(mu: factor * step.mu, tau: factor * step.tau)
                if trial.isProper {
                    do {
                        let there = try expansion(at: trial)
                        let isBetter = isPolishing
                            ? there.steepness < here.steepness : there.value < here.value
                        if isBetter {
                            next = (trial, there)
                            break
                        }
                    } catch { failure = error }
                }
                if isPolishing { break }
                factor /= 2
            }
            guard let (trial, there) = next else {
                if isPolishing { return settled(at, here) }
                return .none(reason: failure.map { "near mu = \(at.mu), sigma = \(at.sigma), \($0.reason)" }
                    ?? "J has no smooth minimum near mu = \(at.mu), sigma = \(at.sigma)")
            }
            (at, here) = (trial, there)
            if abs(at.tau) > 300 || abs(at.mu) > 1e100 { break }
        }
        if here.newtonStep == nil { return settled(at, here) }
        return .none(
            reason: "J still falls at mu = \(at.mu), sigma = \(at.sigma), "
                + "after \(Self.mostSteps) Newton steps")
    }

    private static let mostSteps = 1000
    private static let longestStep = 0.5

    /// A stationary point, if it is a strict minimum.
    private func settled(_ at: GaussianParameters, _ here: Expansion) -> Optimum {
        let scale = abs(here.hessian.mu) + abs(here.hessian.tau)
        guard here.eigenvalues.low > 1e-9 * scale else {
            return .none(reason: "J has no strict minimum at its stationary point "
                + "mu = \(at.mu), sigma = \(at.sigma)")
        }
        return .found(at, value: here.value)
    }
}

extension Expansion {
    /// ‖∇J‖.
    var steepness: Double { hypotenuse(gradient.mu, gradient.tau) }

    /// The Hessian's, the smaller first.
    var eigenvalues: (low: Double, high: Double) {
        let middle = (hessian.mu + hessian.tau) / 2
        let radius = hypotenuse((hessian.mu - hessian.tau) / 2, hessian.mixed)
        return (middle - radius, middle + radius)
    }

    /// −|H|⁻¹∇J, with |H| the Hessian with its eigenvalues' sizes, none below a part in 10⁶ of
    /// the larger; nil where the gradient is zero.
    var newtonStep: ComponentPair<Double>? {
        if steepness == 0 { return nil }
        let (low, high) = eigenvalues
        let largest = max(abs(low), abs(high))
        if largest == 0 { return ComponentPair(mu: -gradient.mu, tau: -gradient.tau) }
        // |H| = αI + βH, the line through (low, |low|) and (high, |high|).
        let sizes = (max(abs(low), 1e-6 * largest), max(abs(high), 1e-6 * largest))
        let beta = high > low ? (sizes.1 - sizes.0) / (high - low) : 0
        let alpha = high > low ? sizes.0 - beta * low : sizes.0
        let mu = alpha + beta * hessian.mu
        let tau = alpha + beta * hessian.tau
        let mixed = beta * hessian.mixed
        let determinant = sizes.0 * sizes.1
        return ComponentPair(
            mu: -(tau * gradient.mu - mixed * gradient.tau) / determinant,
            tau: -(mu * gradient.tau - mixed * gradient.mu) / determinant)
    }
}

/// √(a² + b²); the C library's differs between machines.
func hypotenuse(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
