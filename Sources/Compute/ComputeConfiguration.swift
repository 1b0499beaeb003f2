/// How many threads compute, and how much work they take on.
public struct ComputeConfiguration: Sendable {
    /// Threads that do the mathematics.
    public var threads: Int
    /// Images that are inpainted at once, over all threads; at least as many as threads. A client who has none
    /// under way may begin one beyond that.
    public var batch: Int
    /// How many requests beyond `batch` may wait or run. One more is refused, or in its place the latest one
    /// of the client with the most. Lines of a stream do not count.
    public var queue: Int

    public init(threads: Int, batch: Int = 64, queue: Int = 256) {
        precondition(threads >= 1 && batch >= threads && queue >= 0)
        self.threads = threads
        self.batch = batch
        self.queue = queue
    }
}
