/// The minimum of J that a descent from the start comes to.
public enum Optimum: Hashable, Sendable {
    case found(GaussianParameters, value: Double)
    /// There is none, or none that can be computed, and why.
    case none(reason: String)

    public var parameters: GaussianParameters? {
        if case .found(let parameters, _) = self { return parameters }
        return nil
    }
}

/// Newton's method on the exact J in θ, each step at most half a unit long and taken only
/// downhill, so that it ends in the basin that it began in. Where the Hessian is not positive
/// definite the step follows its eigenvectors with the eigenvalues' sizes.
///
/// It goes on by one evaluation of J at a time, because a strange f makes each a long one.
struct MinimumSearch {
    /// The minimum, or why there is none, at the end.
    private(set) var result: Optimum?
    private var at: GaussianParameters
    private var here: Expansion?
    private var trial: Trial?
    private var stepsTaken = 0

    private static let mostSteps = 1000
    private static let longestStep = 0.5
    private static let mostHalvings = 40

    /// A step on its way: halved until J falls.
    private struct Trial {
        let step: ComponentPair<Double>
        var factor: Double
        /// Rounding in J hides progress by a step this short; then the gradient must shrink instead.
        let isPolishing: Bool
        var halvings = 0
        var failure: Objective.Failure?
    }

    init(from start: GaussianParameters) { at = start }

    /// Evaluates J once, or begins to.
    ///
    /// - Precondition: there is no result yet.
    mutating func advance(on objective: Objective) {
        precondition(result == nil, "a search that has ended does not go on")
        guard let here else {
            do { self.here = try objective.expansion(at: at) } catch {
                result = .none(reason: "at the start, \(error.reason)")
            }
            return
        }
        guard var trial = trial ?? firstTrial(from: here) else {
            result = end(here)
            return
        }
        let point = at.moved(mu: trial.factor * trial.step.mu, tau: trial.factor * trial.step.tau)
        if point.isProper {
            do {
                guard let there = try objective.expansion(at: point) else {
                    self.trial = trial
                    return
                }
                let isBetter =
                    trial.isPolishing
                    ? there.steepness < here.steepness : there.value < here.value
                if isBetter {
                    (at, self.here, self.trial) = (point, there, nil)
                    stepsTaken += 1
                    return
                }
            } catch { trial.failure = error }
        }
        trial.factor /= 2
        trial.halvings += 1
        self.trial = trial
        if trial.isPolishing {
            result = settled(here)
        } else if trial.halvings == Self.mostHalvings {
            result = .none(
                reason: trial.failure.map { "near mu = \(at.mu), sigma = \(at.sigma), \($0.reason)" }
                    ?? "J has no smooth minimum near mu = \(at.mu), sigma = \(at.sigma)")
        }
    }

    /// nil where no step leads on.
    private func firstTrial(from here: Expansion) -> Trial? {
        let isLost = stepsTaken > 0 && (abs(at.tau) > 300 || abs(at.mu) > 1e100)
        guard stepsTaken < Self.mostSteps, !isLost, let step = here.newtonStep else { return nil }
        let length = hypotenuse(step.mu, step.tau)
        return Trial(
            step: step, factor: min(1, Self.longestStep / length), isPolishing: length < 1e-5)
    }

    private func end(_ here: Expansion) -> Optimum {
        if here.newtonStep == nil { return settled(here) }
        return .none(
            reason: "J still falls at mu = \(at.mu), sigma = \(at.sigma), "
                + "after \(stepsTaken) Newton steps")
    }

    /// A stationary point, if it is a strict minimum.
    private func settled(_ here: Expansion) -> Optimum {
        let scale = abs(here.hessian.mu) + abs(here.hessian.tau)
        guard here.eigenvalues.low > 1e-9 * scale else {
            return .none(
                reason: "J has no strict minimum at its stationary point "
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
