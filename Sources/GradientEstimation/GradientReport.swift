/// What a gradient run found.
public struct GradientReport: Hashable, Sendable {
    public let optimum: Optimum
    /// In the order that was asked for.
    public let estimators: [EstimatorReport]
}

public struct EstimatorReport: Hashable, Sendable {
    public let estimator: EstimatorKind
    public let final: GaussianParameters
    public let trace: GradientTrace
    public let atStart: EstimatorDiagnosis
    /// Nil where there is no optimum.
    public let atOptimum: EstimatorDiagnosis?
}

/// The path of one descent: every so many points, the start and the end among them.
public struct GradientTrace: Hashable, Sendable {
    /// The columns, one entry a point.
    public internal(set) var iterations: [Int] = []
    public internal(set) var mu: [Double] = []
    public internal(set) var sigma: [Double] = []
    /// The variance of a single draw's gradient, estimated from the batch drawn at the point;
    /// nil for a batch of one.
    public internal(set) var gradientVariance = ComponentPair<[Double?]>(mu: [], tau: [])

    public var count: Int { iterations.count }
}

/// An estimator at one point, examined over many draws.
public struct EstimatorDiagnosis: Hashable, Sendable {
    public let mu, tau: ComponentDiagnosis
}

public struct ComponentDiagnosis: Hashable, Sendable {
    /// The component of ∇_θ J by quadrature; nil where that fails.
    public let trueGradient: Double?
    /// The estimate from all the draws.
    public let mean: Double
    /// (mean − true gradient) in standard errors; nil where either is unknown, where the error is 0, and where
    /// both the difference and the error are within rounding: 10⁻¹⁴ of the terms that the gradients are sums of.
    public let biasZ: Double?
    /// The variance of a single draw's gradient.
    public let variance: Double
}
