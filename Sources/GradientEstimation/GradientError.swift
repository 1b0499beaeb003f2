import Expressions

/// What is found wrong while the work runs.
public enum GradientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An expression (`parameter` names it) has no finite value where the work took it.
    case undefined(parameter: String, EvaluationError)
    /// The descent left the range of a double: its step was too large, or what it descends has no floor.
    case diverged(estimator: EstimatorKind, iteration: Int, start: GaussianParameters)
    /// Each value was finite, but what was summed over them is not.
    ///
    /// `place` is where, for an expectation over a normal distribution.
    case overflow(parameter: String, place: GaussianParameters? = nil)

    public var description: String {
        switch self {
        case .undefined(let parameter, let error): "in \(parameter), \(error)"
        case .diverged(let estimator, let iteration, _):
            "the descent by \(estimator.rawValue) left the range of a double at iteration \(iteration)"
        case .overflow(let parameter, _): "the gradient of \(parameter) exceeds the range of a double"
        }
    }
}

/// Runs `body(0) … body(count − 1)`, in any order and on any threads, and returns when all
/// are done: how a runner lends its threads to work that divides.
public typealias ConcurrentLoop = (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

/// The loop on the calling thread alone.
public let serialLoop: @Sendable (Int, @Sendable (Int) -> Void) -> Void = { count, body in
    for i in 0..<count { body(i) }
}

/// Lets a concurrent loop's body reach objects that are not Sendable.
///
/// Safe because the body for index i touches the objects of index i alone, and the loop
/// returns only when every body has.
struct Disjoint<Value>: @unchecked Sendable {
    let value: Value
}
