import Synchronization

/// Waits until the task is cancelled.
func untilCancelled() async {
    _ = try? await Task.sleep(for: .seconds(100_000))
}

/// Something that happens once, and can be waited for.
final class Event: Sendable {
    private let state = Mutex<(hasHappened: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func happen() {
        let waiters = state.withLock { state in
            defer { state = (true, []) }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.hasHappened { state.waiters.append(continuation) }
                return state.hasHappened
            }
            if isOver { continuation.resume() }
        }
    }

    var hasHappened: Bool { state.withLock { $0.hasHappened } }
}

/// Counts what happens, and lets somebody wait for a number of times.
final class Countdown: Sendable {
    private let left: Mutex<Int>
    private let isOver = Event()

    init(_ count: Int) {
        left = Mutex(count)
    }

    func happen() {
        let isLast = left.withLock { left in
            left -= 1
            return left == 0
        }
        if isLast { isOver.happen() }
    }

    func wait() async { await isOver.wait() }
}

/// A list that several tasks write to.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    func append(_ element: Element) {
        elements.withLock { $0.append(element) }
    }

    var all: [Element] { elements.withLock { $0 } }
}
