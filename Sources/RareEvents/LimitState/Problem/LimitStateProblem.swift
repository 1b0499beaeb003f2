import Statistics

/// A rare event in the terms of structural reliability: {g(X) ≤ threshold}, or {g(X) ≥ threshold}, of random inputs X.
public struct LimitStateProblem: Sendable {
    public enum Event: String, Sendable, Hashable, CaseIterable {
        /// g(X) ≤ threshold.
        case below
        /// g(X) ≥ threshold.
        case above
    }

    public let function: any LimitStateFunction
    public let inputs: RandomInputs
    public let threshold: Double
    public let event: Event
    /// Whether it is the complement of the event that is asked for.
    var isComplement = false

    /// - Throws: `InvalidParameter` naming `threshold` where it is not finite, `variables` where they are not as many as g has.
    public init(
        _ function: any LimitStateFunction, of inputs: RandomInputs, threshold: Double = 0, event: Event = .below
    ) throws(InvalidParameter) {
        guard threshold.isFinite else { throw InvalidParameter("threshold", "must be finite") }
        guard function.dimension == inputs.count else {
            throw InvalidParameter("variables", "must be as many as g has: \(function.dimension), not \(inputs.count)")
        }
        self.function = function
        self.inputs = inputs
        self.threshold = threshold
        self.event = event
    }
}
