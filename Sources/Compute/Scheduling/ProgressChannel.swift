import DequeModule
import Synchronization

/// Carries what a compute thread reports to the one task that reads it. Nothing is dropped:
/// work whose channel is full pauses until the reader has caught up.
public final class ProgressChannel<Element: Sendable>: Sendable {
    private struct State {
        var buffer: Deque<Element> = []
        var reader: CheckedContinuation<Element?, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())
    private let capacity: Int

    public init(capacity: Int = 32) { self.capacity = capacity }

    var isFull: Bool { state.withLock { $0.buffer.count >= capacity } }

    /// Appends beyond the capacity too: whoever sends asks `isFull` before the next piece of work.
    package func send(_ element: Element) {
        let reader = state.withLock { state -> CheckedContinuation<Element?, Never>? in
            guard let reader = state.reader else {
                state.buffer.append(element)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: element)
    }

    /// No element follows.
    package func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// The next element, or nil after the last. One reader at a time.
    public func next() async -> Element? {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> Element?? in
                if let element = state.buffer.popFirst() { return .some(element) }
                if state.isFinished { return .some(nil) }
                precondition(state.reader == nil, "a progress channel has one reader")
                state.reader = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}
