/// How long a request waited and how long it was worked on.
public struct Timing: Sendable {
    public let queue, compute: Duration

    public init(queue: Duration, compute: Duration) {
        self.queue = queue
        self.compute = compute
    }

    /// No work was needed.
    public static let none = Timing(queue: .zero, compute: .zero)

    /// Of two pieces of work, one after the other.
    public static func + (first: Timing, second: Timing) -> Timing {
        Timing(queue: first.queue + second.queue, compute: first.compute + second.compute)
    }
}

/// A result with its timing.
public struct Timed<Value: Sendable>: Sendable {
    public let value: Value
    public let timing: Timing

    public init(value: Value, timing: Timing) {
        self.value = value
        self.timing = timing
    }
}
