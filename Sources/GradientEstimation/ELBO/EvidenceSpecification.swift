import Expressions
import Statistics

/// The evidence lower bound E_{z~q_φ}[log h(z) − log q_φ(z)] of an unnormalized density h on
/// R^d, for the diagonal Gaussian q_φ with φ = (mean, log standard deviations), and what is to
/// be estimated of its gradient.
public struct EvidenceSpecification: Sendable {
    /// Bounds on a stranger's request.
    public struct Limits: Hashable, Sendable {
        public var dimension = 100
        /// Samples · passes of the program that a sample goes through.
        public var work = 10_000_000_000

        public init() {}
    }

    public let logH: Expression
    /// φ, (d) each.
    public let mean, logStd: [Double]
    public let samples: Int
    public let estimators: [EvidenceEstimatorKind]
    public let seed: UInt64

    public var dimension: Int { mean.count }

    /// z1 … zd.
    public static func variables(dimension: Int) -> [String] { (0..<dimension).map { "z\($0 + 1)" } }

    /// - Parameter logH: an expression in z1 … zd
    /// - Throws: `InvalidParameter`, with the name and what it must be.
    public init(
        logH: Expression, mean: [Double], logStd: [Double], samples: Int = 10_000,
        estimators: [EvidenceEstimatorKind] = EvidenceEstimatorKind.allCases, seed: UInt64,
        limits: Limits = Limits()
    ) throws(InvalidParameter) {
        func require(_ holds: Bool, _ parameter: String, _ reason: String) throws(InvalidParameter) {
            if !holds { throw InvalidParameter(parameter, reason) }
        }
        try require(!mean.isEmpty, "mean", "must have at least one coordinate")
        try require(mean.count <= limits.dimension, "mean",
            "must have at most \(limits.dimension) coordinates")
        try require(logStd.count == mean.count, "log_std",
            "must have as many coordinates as mean, \(mean.count)")
        try require(mean.allSatisfy(\.isFinite), "mean", "must be finite numbers")
        // Beyond, a standard deviation leaves the range of a double.
        try require(logStd.allSatisfy { abs($0) <= 300 }, "log_std", "must lie in −300…300")
        try require(!estimators.isEmpty, "estimators", "must name at least one")
        try require(Set(estimators).count == estimators.count, "estimators", "must not repeat one")
        try require(samples >= 1, "samples", "must be at least 1")
        precondition(logH.variables == Self.variables(dimension: mean.count),
            "log_h is an expression in z1 … zd")
        let passes = logH.program(Self.outputs(estimators, dimension: mean.count)).instructionCount
            + 10 * mean.count * estimators.count
        try require(samples <= limits.work / passes, "samples",
            "times the \(passes) operations of one must be at most \(limits.work)")
        self.logH = logH
        self.mean = mean
        self.logStd = logStd
        self.samples = samples
        self.estimators = estimators
        self.seed = seed
    }

    /// log h, and its partial derivatives where an estimator wants them.
    static func outputs(
        _ estimators: [EvidenceEstimatorKind], dimension: Int
    ) -> [Expression.Output] {
        let wantsDerivatives = estimators.contains { $0 != .logDerivative }
        return [.value] + (wantsDerivatives ? (0..<dimension).map { .derivative($0) } : [])
    }
}

/// One value for each component of φ, (d) each.
public struct VariationalPair<Value> {
    public var mean, logStd: [Value]

    public init(mean: [Value], logStd: [Value]) {
        self.mean = mean
        self.logStd = logStd
    }

    func map<Other>(_ transform: (Value) -> Other) -> VariationalPair<Other> {
        VariationalPair<Other>(mean: mean.map(transform), logStd: logStd.map(transform))
    }
}

extension VariationalPair: Equatable where Value: Equatable {}
extension VariationalPair: Hashable where Value: Hashable {}
extension VariationalPair: Sendable where Value: Sendable {}
