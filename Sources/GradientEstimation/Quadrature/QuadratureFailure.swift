import Expressions

/// Why an expectation has no value that quadrature can give.
package enum QuadratureFailure: Error, Hashable {
    /// The integrand has no finite value where the Gaussian has weight.
    case undefined(EvaluationError)
    /// The integrand grows without bound near a point, too fast to be integrated.
    case unbounded(near: [Double])
    /// The integral does not converge, or too slowly to be trusted.
    case noConvergence
    /// Trusting it would take more evaluations than one request is given.
    case tooMuchWork
    /// Quadrature is for one or two variables.
    case tooManyDimensions

    /// In words that end a sentence about the expectation of an expression of this name.
    package func reason(_ name: String, variables: [String]) -> String {
        switch self {
        case .undefined(let error): "in \(name), \(error)"
        case .unbounded(let point):
            "\(name) is unbounded near "
                + zip(variables, point).map { "\($0) = \(Self.rounded($1))" }.joined(separator: ", ")
        case .noConvergence: "the expectation of \(name) does not converge"
        case .tooMuchWork: "the expectation of \(name) takes too many evaluations"
        case .tooManyDimensions: "quadrature reaches two dimensions, not \(variables.count)"
        }
    }

    /// To six digits, and to 0 what is as good as that.
    private static func rounded(_ value: Double) -> Double {
        guard abs(value) >= 1e-9 else { return 0 }
        guard abs(value) < 1e15 else { return value }
        var scale = 1.0
        while abs(value) * scale < 1e5 { scale *= 10 }
        return (value * scale).rounded() / scale
    }
}
