import Synchronization

/// Several jobs that do one piece of work together, one a compute thread: ends when the last of
/// them has, with the result or with the first error or interruption that one of them met.
final class LaneGroup<Value: Sendable>: Sendable {
    private struct State {
        var running: Int
        var failure: (any Error)?
    }

    private let state: Mutex<State>
    private let continuation: CheckedContinuation<Timed<Value>, any Error>
    private let token: CancellationToken
    private let partial: @Sendable () -> (any Sendable)?
    private let finish: @Sendable () throws -> Value

    init(
        lanes: Int, token: CancellationToken, partial: @escaping @Sendable () -> (any Sendable)?,
        finish: @escaping @Sendable () throws -> Value,
        continuation: CheckedContinuation<Timed<Value>, any Error>
    ) {
        state = Mutex(State(running: lanes))
        self.token = token
        self.partial = partial
        self.finish = finish
        self.continuation = continuation
    }

    /// A lane that calls `step` until it returns false.
    func lane(_ step: @escaping @Sendable () throws -> Bool) -> Job {
        Job(token: token) { [self] _, _ in
            if state.withLock({ $0.failure != nil }) { return end(nil) }
            do {
                return try step() ? nil : end(nil)
            } catch {
                return end(error)
            }
        } abandon: { [self] in abandon($0) }
    }

    /// A lane that runs `body`, which pauses where it likes.
    func lane(pausing body: @escaping @Sendable (Pause) throws -> Void) -> Job {
        let work = PausableWork(body)
        return Job(token: token) { [self] _, _ in
            if state.withLock({ $0.failure != nil }) {
                work.giveUp()
                return end(nil)
            }
            switch work.advance() {
            case nil: return nil
            case .success: return end(nil)
            case .failure(let error): return end(error)
            }
        } abandon: { [self] interruption in
            work.giveUp()
            abandon(interruption)
        }
    }

    private func abandon(_ interruption: Interruption) {
        switch interruption {
        case .cancelled: end(CancellationError())()
        case .ended(let reason):
            end(ComputeError.interrupted(InterruptedWork(
                reason: reason, partial: partial(), timing: token.timing)))()
        }
    }

    /// - Returns: for the last lane what delivers the result, for others nothing to do.
    private func end(_ error: (any Error)?) -> Completion {
        let failure = state.withLock { state -> (any Error)?? in
            if state.failure == nil { state.failure = error }
            state.running -= 1
            return state.running == 0 ? .some(state.failure) : nil
        }
        switch failure {
        case nil: return {}
        case .some(nil):
            let result = Result { Timed(value: try finish(), timing: token.timing) }
            return { [continuation] in continuation.resume(with: result) }
        case .some(.some(let error)): return { [continuation] in continuation.resume(throwing: error) }
        }
    }
}

extension Compute {
    /// Runs work that many threads can do together, a piece at a time.
    ///
    /// - Parameters:
    ///   - partial: what to report when the deadline passes.
    ///   - step: takes a piece that nobody has taken and does it, in about a millisecond; false
    ///     when none is left. Called on all compute threads at once.
    ///   - finish: the result, called once when all pieces are done.
    public func performInParallel<Value: Sendable>(
        in context: WorkContext = .unlimited,
        partial: @escaping @Sendable () -> (any Sendable)? = { nil },
        step: @escaping @Sendable () throws -> Bool,
        finish: @escaping @Sendable () throws -> Value
    ) async throws -> Timed<Value> {
        let token = CancellationToken(context), lanes = configuration.threads
        return try await cancelling(token) { continuation in
            let group = LaneGroup(
                lanes: lanes, token: token, partial: partial, finish: finish,
                continuation: continuation)
            try self.enqueue((0..<lanes).map { _ in group.lane(step) })
        }
    }

    /// Runs work that takes long and cannot be cut into pieces from outside: it stops by itself,
    /// wherever it checks its `Pause`.
    ///
    /// - Parameters:
    ///   - lanes: on how many compute threads at once; nil = on all of them.
    ///   - partial: what to report when the deadline passes.
    ///   - body: the work, run once on each lane.
    ///   - finish: the result, called once when all lanes have returned.
    public func performPausing<Value: Sendable>(
        lanes: Int? = nil, in context: WorkContext = .unlimited,
        partial: @escaping @Sendable () -> (any Sendable)? = { nil },
        _ body: @escaping @Sendable (Pause) throws -> Void,
        finish: @escaping @Sendable () throws -> Value
    ) async throws -> Timed<Value> {
        let token = CancellationToken(context)
        let lanes = max(1, min(lanes ?? .max, configuration.threads))
        return try await cancelling(token) { continuation in
            let group = LaneGroup(
                lanes: lanes, token: token, partial: partial, finish: finish,
                continuation: continuation)
            try self.enqueue((0..<lanes).map { _ in group.lane(pausing: body) })
        }
    }
}
