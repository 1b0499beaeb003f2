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
        case GradientError.overflow(let parameter):
            return .invalid(
                "The values of “\(parameter)” are so large that their sums exceed what a double holds.",
                culprit(parameter))
        case GradientError.diverged(let estimator, let iteration):
            return .invalid(
                "The descent by \(estimator.rawValue) left the range of a double at iteration "
                    + "\(iteration): lower “learning_rate”, or give “r” something that holds it back.",
                culprit("learning_rate"))
        default: return nil
        }
    }
}
