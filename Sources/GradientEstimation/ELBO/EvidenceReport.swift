/// What a run found of the evidence lower bound and its gradient in φ.
public struct EvidenceReport: Hashable, Sendable {
    /// The bound, in nats.
    public let evidence: Double
    /// Nil for one sample.
    public let standardError: Double?
    /// By quadrature to a verified error; nil where that cannot be had.
    public let exact: ExactEvidence?
    /// Why there is no exact value.
    public let exactUnavailable: String?
    /// In the order that was asked for.
    public let estimators: [EvidenceEstimate]
}

public struct EvidenceEstimate: Hashable, Sendable {
    public let estimator: EvidenceEstimatorKind
    public let gradient: VariationalPair<Double>
    /// Of the gradient; nil for one sample.
    public let standardError: VariationalPair<Double?>
    /// Of a single draw's gradient; nil for one sample.
    public let variance: VariationalPair<Double?>
    /// For the log-derivative form: the mean of ∇_φ log q_φ(z), whose expectation is zero.
    public let scoreMean: VariationalPair<Double>?
    public let scoreStandardError: VariationalPair<Double?>?
}
