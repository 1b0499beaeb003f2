import Synchronization

/// Has one reading of files follow the other: what is asked for while one runs is done once more after it, however often.
final class ReloadTurns: Sendable {
    private enum State { case idle, running, wantedAgain }

    private let state = Mutex(State.idle)

    /// Whether whoever asks is to begin now.
    func begin() -> Bool {
        state.withLock { state in
            defer { state = state == .idle ? .running : .wantedAgain }
            return state == .idle
        }
    }

    /// Whether whoever has finished is to do it again.
    func goesOn() -> Bool {
        state.withLock { state in
            defer { state = state == .wantedAgain ? .running : .idle }
            return state == .wantedAgain
        }
    }
}
