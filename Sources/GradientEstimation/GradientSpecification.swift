import Expressions
import Statistics

/// Stochastic gradient descent on J(μ, σ) = E_{x~N(μ,σ²)}[f(x)] + r(μ, σ) in θ = (μ, log σ),
/// once for each estimator, all from the same draws.
public struct GradientSpecification: Sendable {
    /// Bounds on a stranger's request.
    public struct Limits: Hashable, Sendable {
        /// Iterations · batch · estimators.
        public var work = 10_000_000_000
        public var batch = 1_000_000
        /// Points of all traces together.
        public var tracePoints = 1_000_000
        /// Passes over a number that one iteration makes: batch · instructions. What a runner
        /// waits for when it cancels.
        public var iterationWork = 50_000_000

        public init() {}
    }

    /// The names under which errors blame them are the parameters' own in a request.
    public static let variableOfF = ["x"]
    public static let variablesOfR = ["mu", "sigma"]

    public let f, r: Expression
    public let estimators: [EstimatorKind]
    public let iterations, batch, every: Int
    public let learningRate: Double
    public let start: GaussianParameters
    public let seed: UInt64

    /// - Throws: `InvalidParameter`, with the name and what it must be.
    public init(
        f: Expression, r: Expression,
        estimators: [EstimatorKind] = [.logDerivative, .reparameterization],
        iterations: Int = 10_000, batch: Int = 300, learningRate: Double = 0.01,
        mu: Double = 0, sigma: Double = 1, every: Int = 10, seed: UInt64,
        limits: Limits = Limits()
    ) throws(InvalidParameter) {
        precondition(f.variables == Self.variableOfF && r.variables == Self.variablesOfR,
            "f is an expression in x, r in mu and sigma")
        func require(_ holds: Bool, _ parameter: String, _ reason: String) throws(InvalidParameter) {
            if !holds { throw InvalidParameter(parameter, reason) }
        }
        try require(!estimators.isEmpty, "estimators", "must name at least one")
        try require(Set(estimators).count == estimators.count, "estimators", "must not repeat one")
        try require(iterations >= 1, "iterations", "must be at least 1")
        try require(batch >= 1, "batch", "must be at least 1")
        try require(batch <= limits.batch, "batch", "must be at most \(limits.batch)")
        try require(batch >= 2 || !estimators.contains(.logDerivativeBaseline),
            "batch", "must be at least 2 for log_derivative_baseline")
        try require(learningRate.isFinite && learningRate > 0, "learning_rate", "must be above 0")
        try require(mu.isFinite, "mu", "must be a finite number")
        try require(sigma.isNormal && sigma > 0, "sigma", "must be at least 2.2250738585072014e-308, and finite")
        try require(every >= 1, "every", "must be at least 1")
        let (draws, overflow) = iterations.multipliedReportingOverflow(by: batch)
        try require(!overflow && draws <= limits.work / estimators.count, "iterations",
            "times batch times estimators must be at most \(limits.work)")
        try require(iterations / every <= limits.tracePoints / estimators.count - 2, "every",
            "must leave at most \(limits.tracePoints) points in the traces")
        let instructions = f.program([.value, .derivative(0)]).instructionCount
        try require(batch <= limits.iterationWork / max(instructions, 1), "batch",
            "times the \(instructions) operations of f must be at most \(limits.iterationWork)")
        self.f = f
        self.r = r
        self.estimators = estimators
        self.iterations = iterations
        self.batch = batch
        self.learningRate = learningRate
        start = GaussianParameters(mu: mu, sigma: sigma)
        self.every = every
        self.seed = seed
    }
}
