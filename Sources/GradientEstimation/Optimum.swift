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

/// Newton's method on the exact J in θ, within a trust region and only downhill, so that it ends in the
/// basin that it began in. Steps are half a unit long at most, and in μ twice as long after each one that
/// lowered J as its quadratic model had said, so that an optimum far away takes few of them. (In τ no place is
/// far: 600 such steps go through all σ that a double holds.) Where the Hessian is not positive definite the
/// step follows its eigenvectors with the eigenvalues' sizes. Nothing depends on the scale of J.
///
/// It goes on by one evaluation of J at a time, because a strange f makes each a long one.
struct MinimumSearch {
    /// The minimum, or why there is none, at the end.
    private(set) var result: Optimum?
    private var at: GaussianParameters
    private var here: Expansion?
    private var trial: Trial?
    private var stepsTaken = 0
    /// The longest step at present.
    private var radius = shortestRadius

    private static let mostSteps = 1000
    private static let shortestRadius = 0.5
    private static let mostHalvings = 40

    /// A step on its way: halved until J falls.
    private struct Trial {
        let step: ComponentPair<Double>
        var factor: Double
        /// Rounding in J hides progress by a step this short; then the gradient must shrink instead.
        let isPolishing: Bool
        var halvings = 0
        var failure: Objective.Failure?

        var length: Double { factor * hypotenuse(step.mu, step.tau) }
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
                if accept(there, after: trial, from: here) {
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

    /// Whether a trial is good enough. Adapts the radius.
    private mutating func accept(_ there: Expansion, after trial: Trial, from here: Expansion) -> Bool {
        if trial.isPolishing { return there.steepness < here.steepness }
        let fall = here.value - there.value, agreement = fall / here.fall(by: trial.factor, of: trial.step)
        // A long step that J's model did not foresee may lead into another basin.
        guard fall > 0, trial.length <= Self.shortestRadius || agreement > 0.75 else { return false }
        if trial.halvings > 0 {
            radius = max(trial.length, Self.shortestRadius)
        } else if trial.factor < 1, (0.9...1.1).contains(agreement) {
            radius *= 2
        }
        return true
    }

    /// nil where no step leads on.
    private func firstTrial(from here: Expansion) -> Trial? {
        guard stepsTaken < Self.mostSteps, !isLost, let step = here.newtonStep else { return nil }
        let length = hypotenuse(step.mu, step.tau)
        let factor = min(1, radius / length, Self.shortestRadius / abs(step.tau))
        return Trial(step: step, factor: factor, isPolishing: length < 1e-5)
    }

    /// Whether J has led to where it can no longer be evaluated: f at μ + σε, with a σ that is lost beside μ.
    private var isLost: Bool {
        stepsTaken > 0 && (abs(at.tau) > 300 || abs(at.mu) > 1e100 || at.mu + at.sigma == at.mu)
    }

    private func end(_ here: Expansion) -> Optimum {
        if here.newtonStep == nil && !isLost { return settled(here) }
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

    /// How much J falls, by its quadratic model, along a part of a step.
    func fall(by factor: Double, of step: ComponentPair<Double>) -> Double {
        let slope = gradient.mu * step.mu + gradient.tau * step.tau
        let curvature =
            step.mu * (hessian.mu * step.mu + hessian.mixed * step.tau)
            + step.tau * (hessian.mixed * step.mu + hessian.tau * step.tau)
        return -factor * (slope + factor * curvature / 2)
    }

    /// −|H|⁻¹∇J, with |H| the Hessian with its eigenvalues' sizes, none below a part in 10⁶ of
    /// the larger; −∇J/‖∇J‖ where that is beyond a double; nil where the gradient is zero.
    var newtonStep: ComponentPair<Double>? {
        if steepness == 0 { return nil }
        // In units of the largest eigenvalue, so that no product leaves the range of a double.
        let values = eigenvalues, largest = max(abs(values.low), abs(values.high))
        let (low, high) = (values.low / largest, values.high / largest)
        // |H| = αI + βH, the line through (low, |low|) and (high, |high|).
        let sizes = (max(abs(low), 1e-6), max(abs(high), 1e-6))
        let beta = high > low ? (sizes.1 - sizes.0) / (high - low) : 0
        let alpha = high > low ? sizes.0 - beta * low : sizes.0
        let mu = alpha + beta * (hessian.mu / largest)
        let tau = alpha + beta * (hessian.tau / largest)
        let mixed = beta * (hessian.mixed / largest)
        let determinant = sizes.0 * sizes.1
        let slope = (mu: gradient.mu / largest, tau: gradient.tau / largest)
        let step = ComponentPair(
            mu: -(tau * slope.mu - mixed * slope.tau) / determinant,
            tau: -(mu * slope.tau - mixed * slope.mu) / determinant)
        if hypotenuse(step.mu, step.tau).isFinite { return step }
        return ComponentPair(mu: -gradient.mu / steepness, tau: -gradient.tau / steepness)
    }
}

/// √(a² + b²), where the squares leave the range of a double, too; the C library's differs between machines.
func hypotenuse(_ a: Double, _ b: Double) -> Double {
    let large = max(abs(a), abs(b)), ratio = min(abs(a), abs(b)) / large
    if large == 0 || large.isInfinite { return large }
    let scaled = large * (1 + ratio * ratio).squareRoot()
    let squares = a * a + b * b
    // The plain form is the more exact one.
    return (0x1p-1000...0x1p1000).contains(squares) ? squares.squareRoot() : scaled
}
