/// Why work was not done. A client that went away is a `CancellationError` instead.
public enum ComputeError: Error, Sendable {
    /// The queue is full, and this client has the most in it.
    case queueFull
    /// The service is shutting down and takes no new work.
    case draining
    /// The work was begun or queued and ended before it was done.
    case interrupted(InterruptedWork)
}

/// Work that ended before it was done.
public struct InterruptedWork: Sendable {
    public enum Reason: Sendable, Hashable {
        /// Its deadline passed.
        case deadline
        /// The service shut down, and its grace was over.
        case shutdown
    }

    public let reason: Reason
    /// What had been reached, if anything; each call of Compute says what that is.
    public let partial: (any Sendable)?
    public let timing: Timing

    public init(reason: Reason, partial: (any Sendable)?, timing: Timing) {
        self.reason = reason
        self.partial = partial
        self.timing = timing
    }
}
