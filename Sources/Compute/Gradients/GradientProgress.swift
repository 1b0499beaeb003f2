import GradientEstimation

/// How far the descents have come.
public struct GradientProgress: Sendable {
    public private(set) var iteration = 0
    /// Where each descent is, in the order of the request.
    public private(set) var parameters: [GaussianParameters]

    init(_ specification: GradientSpecification) {
        parameters = specification.estimators.map { _ in specification.start }
    }

    mutating func follow(_ run: GradientRun) {
        iteration = run.iteration
        parameters = run.parameters
    }
}
