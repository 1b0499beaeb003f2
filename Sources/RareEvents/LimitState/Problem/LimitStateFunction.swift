/// A limit state function g of real variables, evaluated many points at a time.
///
/// RareEvents does not know where g comes from: an expression, or code.
public protocol LimitStateFunction: Sendable {
    /// How many variables it has.
    var dimension: Int { get }
    /// About how many operations a value of g takes, which bounds the points of a unit of work.
    var cost: Int { get }
    /// Memory in which one thread at a time evaluates g at up to `width` points, and its gradient where `gradient` is
    /// true.
    func makeEvaluator(width: Int, gradient: Bool) -> any LimitStateEvaluator
}

/// Where one thread evaluates a limit state function: the points go in by variable, the values come out.
public protocol LimitStateEvaluator: AnyObject {
    /// Where the values of variable j go, `width` of them. Valid while the evaluator is.
    func input(_ j: Int) -> UnsafeMutablePointer<Double>
    /// Evaluates g, and its gradient where it was made for that, at the first `count` points. A value may be infinite; one
    /// that is not a number ends the run.
    ///
    /// - Returns: g at each point; valid until the next evaluation.
    func evaluate(count: Int) -> UnsafePointer<Double>
    /// ∂g/∂x_j at each point of the last evaluation; valid until the next.
    func derivative(_ j: Int) -> UnsafePointer<Double>
}
