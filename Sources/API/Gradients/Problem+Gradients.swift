import GradientEstimation
import Statistics

extension Fields {
    /// Runs the making of a problem or the work on it; what it finds wrong with a parameter becomes
    /// a problem that blames this request's field of that name.
    func blaming<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw problem(for: error) ?? error
        }
    }

    /// nil where no field is to blame.
    private func problem(for error: any Error) -> Problem? {
        switch error {
        case let error as InvalidParameter:
            return .invalid("“\(error.parameter)” \(error.reason).", culprit(error.parameter))
        case GradientError.undefined(let parameter, let error):
            return .invalid("In “\(parameter)”, \(error).", culprit(parameter))
        case GradientError.overflow(let parameter, let place):
            // A gradient has σ and its square as divisors, and what is sampled has them as factors.
            if let place, let (name, value) = Self.extreme(place) {
                return .invalid(
                    "Where “\(name)” is \(JSONText.number(value)) the gradients exceed what a double holds. Start elsewhere.",
                    culprit(name))
            }
            return .invalid(
                "The values of “\(parameter)” are so large that their sums exceed what a double holds.",
                culprit(parameter))
        case GradientError.diverged(let estimator, let iteration, let start):
            return diverged(estimator, iteration, start)
        default: return nil
        }
    }

    /// Blames an extreme start before the learning rate: from there the gradient, and with it the first
    /// steps, may be of any size.
    private func diverged(_ estimator: EstimatorKind, _ iteration: Int, _ start: GaussianParameters) -> Problem {
        let what = "The descent by \(estimator.rawValue) left the range of a double at iteration \(iteration)"
        if iteration <= 10, let (name, value) = Self.extreme(start) {
            return .invalid(
                "\(what): with “\(name)” = \(JSONText.number(value)) at the start the first steps are too long. "
                    + "Start elsewhere, or lower “learning_rate”.", culprit(name))
        }
        return .invalid(
            "\(what): lower “learning_rate”, or add a term to “r” that keeps mu and sigma bounded.",
            culprit("learning_rate"))
    }

    /// The parameter that is far from ordinary sizes, if one is.
    private static func extreme(_ place: GaussianParameters) -> (name: String, value: Double)? {
        if abs(place.mu) > 1e3 { return ("mu", place.mu) }
        return (1e-3...1e3).contains(place.sigma) ? nil : ("sigma", place.sigma)
    }
}
