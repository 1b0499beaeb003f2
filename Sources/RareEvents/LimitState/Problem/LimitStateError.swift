/// Why the probability of a limit state cannot be estimated.
public enum LimitStateError: Error, Hashable, Sendable {
    /// g is not a number at these values of the variables.
    case undefined(at: [Double])
    /// The inputs have no finite value at a draw: variable `variable`'s distribution overflows there.
    case overflow(variable: Int)
}
