/// Why work was not done. A client that went away is a `CancellationError` instead.
public enum ComputeError: Error, Sendable {
    /// As much is waiting as the configuration allows.
    case queueFull
    /// The service is shutting down and takes no new work.
    case draining
    /// The deadline passed; `partial` is what had been reached, if anything.
    case deadlineExceeded(partial: (any Sendable)?, timing: Timing)
}
