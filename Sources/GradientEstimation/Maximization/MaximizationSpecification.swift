import Expressions
import Projections
import Statistics

/// max f(x) over a convex set C by projected gradient ascent.
public struct MaximizationSpecification: Sendable {
    public enum StepSize: Hashable, Sendable {
        /// x ← Π_C(x + α∇f(x)) with one α throughout.
        case constant(Double)
        /// α from the last step's curvature, halved until f rises enough.
        case automatic
    }

    /// Bounds on a client's request.
    public struct Limits: Hashable, Sendable {
        public var dimension = 100
        public var iterations = 10_000

        public init() {}
    }

    public let f: Expression
    /// Nil for the whole space.
    public let constraints: (any ConvexSet<Double>)?
    public let start: [Double]
    public let stepSize: StepSize
    public let iterations: Int
    /// Stops when ‖Π(x + ∇f) − x‖₂ falls below it; 0 runs all iterations. Nil: stops when x is as near to the
    /// maximizer as ``MaximizationRun/nearness`` says, whatever the scale of f.
    public let tolerance: Double?

    /// - Throws: `InvalidParameter`, with the name and what it must be.
    public init(
        f: Expression, constraints: (any ConvexSet<Double>)? = nil, start: [Double],
        stepSize: StepSize = .automatic, iterations: Int = 1000, tolerance: Double? = nil,
        limits: Limits = Limits()
    ) throws(InvalidParameter) {
        func require(_ holds: Bool, _ parameter: String, _ reason: String) throws(InvalidParameter) {
            if !holds { throw InvalidParameter(parameter, reason) }
        }
        try Self.check(variables: f.variables, limits: limits)
        try require(
            start.count == f.variables.count, "start",
            "must have a number for each of the \(f.variables.count) variables")
        try require(start.allSatisfy(\.isFinite), "start", "must be finite numbers")
        if case .constant(let alpha) = stepSize {
            try require(alpha.isFinite && alpha > 0, "step_size", "must be above 0, or \"auto\"")
        }
        try require(
            (1...limits.iterations).contains(iterations), "iterations",
            "must lie in 1…\(limits.iterations)")
        try require(tolerance.map { $0.isFinite && $0 >= 0 } ?? true, "tolerance", "must not be negative")
        do { try constraints?.requireDimension(start.count) } catch {
            throw InvalidParameter("constraints", error.reason)
        }
        self.f = f
        self.constraints = constraints
        self.start = start
        self.stepSize = stepSize
        self.iterations = iterations
        self.tolerance = tolerance
    }

    /// Whether an expression may be read with these variables: to be asked before it is.
    public static func check(
        variables: [String], limits: Limits = Limits()
    ) throws(InvalidParameter) {
        if variables.isEmpty { throw InvalidParameter("variables", "must name at least one") }
        if variables.count > limits.dimension {
            throw InvalidParameter("variables", "must be at most \(limits.dimension)")
        }
        if let bad = variables.first(where: { !Expression.isUsable(variable: $0) }) {
            throw InvalidParameter(
                "variables",
                "must be names of letters (a to z, A to Z), digits and underscores, at most "
                    + "\(Expression.longestVariable) of them, that are no function or constant, unlike "
                    + "“\(String(decoding: bad.utf8.prefix(40), as: UTF8.self))”")
        }
        if Set(variables).count != variables.count {
            throw InvalidParameter("variables", "must be distinct")
        }
    }
}
