/// Why the probability of a limit state cannot be estimated.
public enum LimitStateError: Error, Hashable, Sendable {
    /// g is not a number at these values of the variables.
    case undefined(at: [Double])
}
