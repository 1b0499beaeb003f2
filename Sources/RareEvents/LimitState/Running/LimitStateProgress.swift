import Statistics

/// How far a run has come, at a fixed count of its work.
public struct LimitStateProgress: Sendable, Hashable {
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        /// Quadrature of the exact value, for at most two variables.
        case exact
        /// Finding out where the event is.
        case exploring
        /// Fitting what is drawn from.
        case fitting
        /// Drawing the estimate.
        case sampling
    }

    public let stage: Stage
    /// Of g so far.
    public let evaluations: UInt64
    /// Of the draws of the last stage so far; while exploring, what the exploration says, or nil.
    public let estimate: Estimate?
}
