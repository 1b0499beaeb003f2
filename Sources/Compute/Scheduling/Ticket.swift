import Synchronization

/// A request's place in the house: when it came, by when it must be done, and whether anybody
/// still wants it. The work holds it, the waiting task cancels it.
final class Ticket: Sendable {
    let arrival = ContinuousClock.now
    let deadline: ContinuousClock.Instant?
    private let cancelled = Atomic(false)
    private let start = Mutex<ContinuousClock.Instant?>(nil)

    init(deadline: ContinuousClock.Instant?) { self.deadline = deadline }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    /// Why the work should stop, if it should.
    var interruption: Interruption? {
        if cancelled.load(ordering: .relaxed) { return .cancelled }
        if let deadline, ContinuousClock.now >= deadline { return .deadline }
        return nil
    }

    /// Called when a thread takes the work up for the first time.
    func begin() { start.withLock { if $0 == nil { $0 = .now } } }

    var timing: Timing {
        let now = ContinuousClock.now, begun = start.withLock { $0 }
        return Timing(queue: (begun ?? now) - arrival, compute: begun.map { now - $0 } ?? .zero)
    }
}

enum Interruption { case cancelled, deadline }

/// How long a request waited and how long it was worked on.
public struct Timing: Sendable {
    public let queue, compute: Duration

    public init(queue: Duration, compute: Duration) {
        self.queue = queue
        self.compute = compute
    }

    /// Of two pieces of work, one after the other.
    static func + (first: Timing, second: Timing) -> Timing {
        Timing(queue: first.queue + second.queue, compute: first.compute + second.compute)
    }
}

/// A result with its timing.
public struct Timed<Value: Sendable>: Sendable {
    public let value: Value
    public let timing: Timing
}
