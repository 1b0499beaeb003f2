/// How much of the machine Compute takes.
public struct ComputeConfiguration: Sendable {
    /// Threads that do the mathematics.
    public var threads: Int
    /// Images that are worked on at once, over all threads.
    public var batch: Int
    /// Requests that may wait besides; one more is refused.
    public var queue: Int

    public init(threads: Int, batch: Int = 64, queue: Int = 256) {
        precondition(threads >= 1 && batch >= threads && queue >= 0)
        self.threads = threads
        self.batch = batch
        self.queue = queue
    }
}
