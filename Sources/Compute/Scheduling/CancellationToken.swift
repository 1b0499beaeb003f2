import Synchronization

/// Tells work that it should stop, and keeps its times. The work holds it; the waiting task cancels it.
package final class CancellationToken: Sendable {
    let context: WorkContext
    private let arrival = ContinuousClock.now
    private let signal = Atomic(Signal.none)
    private let start = Mutex<ContinuousClock.Instant?>(nil)

    private enum Signal: UInt8, AtomicRepresentable { case none, cancelled, shutdown }

    package init(_ context: WorkContext) { self.context = context }

    /// Nobody waits for the result any more.
    package func cancel() { signal.store(.cancelled, ordering: .relaxed) }

    /// The service is ending. Work that has been cancelled stays cancelled.
    package func shutDown() {
        _ = signal.compareExchange(expected: .none, desired: .shutdown, ordering: .relaxed)
    }

    /// Why the work should stop, if it should.
    package var interruption: Interruption? {
        switch signal.load(ordering: .relaxed) {
        case .cancelled: return .cancelled
        case .shutdown: return .ended(.shutdown)
        case .none: break
        }
        if let deadline = context.deadline, ContinuousClock.now >= deadline { return .ended(.deadline) }
        return nil
    }

    /// To be called when a thread begins with the work.
    func begin() { start.withLock { if $0 == nil { $0 = .now } } }

    package var timing: Timing {
        let now = ContinuousClock.now, begun = start.withLock { $0 }
        return Timing(queue: (begun ?? now) - arrival, compute: begun.map { now - $0 } ?? .zero)
    }
}

/// Why work stops before it is done.
package enum Interruption: Sendable, Equatable {
    /// Nobody waits for the result any more.
    case cancelled
    /// Somebody still waits, and gets what has been reached.
    case ended(InterruptedWork.Reason)
}
