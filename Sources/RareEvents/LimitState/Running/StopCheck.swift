/// Whether to go on with long work: units of a run, and what the method does between them, look at it every fraction of a
/// millisecond, so that a deadline or a client that has left ends the work and not only the wait.
struct StopCheck: Sendable {
    private let isStopped: @Sendable () -> Bool

    init(_ isStopped: @escaping @Sendable () -> Bool) { self.isStopped = isStopped }

    /// For work that nobody stops.
    static let never = StopCheck { false }

    func look() throws(CancellationError) {
        if isStopped() { throw CancellationError() }
    }
}
