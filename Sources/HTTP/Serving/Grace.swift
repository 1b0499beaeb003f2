import Synchronization

/// The waits of a shutdown, all of which can be ended at once.
final class Grace: Sendable {
    private struct State {
        var isOver = false
        var isStopped = false
        var sleep: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// Whether the server has stopped: there is nothing left to wait for.
    var isStopped: Bool { state.withLock(\.isStopped) }

    /// Whether the waits were ended before their time.
    var isEndedEarly: Bool { state.withLock(\.isOver) }

    /// Returns at that time, or when the grace has ended.
    func wait(until end: ContinuousClock.Instant) async {
        let sleep: Task<Void, Never>? = state.withLock { state in
            guard !state.isOver else { return nil }
            let sleep = Task { _ = try? await Task.sleep(until: end, clock: .continuous) }
            state.sleep = sleep
            return sleep
        }
        await sleep?.value
    }

    /// Ends all waits, those to come as well.
    func end() {
        let sleep = state.withLock { state in
            state.isOver = true
            return state.sleep
        }
        sleep?.cancel()
    }

    /// The server has stopped.
    func stop() {
        state.withLock { $0.isStopped = true }
        end()
    }
}
