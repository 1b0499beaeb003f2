import GradientEstimation

/// How far a gradient problem's descents have come.
public struct GradientProgress: Sendable {
    public private(set) var iteration = 0
    /// Where each descent is, in the problem's order.
    public private(set) var parameters: [GaussianParameters]

    init(_ problem: GradientProblem) {
        parameters = problem.estimators.map { _ in problem.start }
    }

    mutating func follow(_ run: GradientRun) {
        iteration = run.iteration
        parameters = run.parameters
    }
}

/// What became of a gradient problem.
public struct GradientOutcome: Sendable {
    public let report: GradientReport
    /// SVG, where it was asked for.
    public let figure: String?
}

/// What became of a maximization.
public struct MaximizationOutcome: Sendable {
    public let report: MaximizationReport
    /// SVG, where it was asked for and f has two variables.
    public let figure: String?
}
