import Synchronization

/// When work came, by when it must be done, and whether anybody still wants it. The work holds it, the
/// waiting task cancels it.
final class CancellationToken: Sendable {
    let arrival = ContinuousClock.now
    let context: WorkContext
    private let cancelled = Atomic(false)
    private let start = Mutex<ContinuousClock.Instant?>(nil)

    init(_ context: WorkContext) { self.context = context }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    /// Why the work should stop, if it should.
    var interruption: Interruption? {
        if cancelled.load(ordering: .relaxed) { return .cancelled }
        if let deadline = context.deadline, ContinuousClock.now >= deadline { return .ended(.deadline) }
        return nil
    }

    /// Called when a thread takes the work up for the first time.
    func begin() { start.withLock { if $0 == nil { $0 = .now } } }

    var timing: Timing {
        let now = ContinuousClock.now, begun = start.withLock { $0 }
        return Timing(queue: (begun ?? now) - arrival, compute: begun.map { now - $0 } ?? .zero)
    }
}

enum Interruption {
    /// Nobody waits for the result any more.
    case cancelled
    /// Somebody does, and gets what has been reached.
    case ended(InterruptedWork.Reason)
}
