/// Work of one thread at a time, as a closure that advances a state.
///
/// `@unchecked Sendable`: a work item is in the scheduler's queue or in the hands of the one thread that
/// took it out, and passes between them under the scheduler's lock.
final class SteppedWork<State: Sendable, Value: Sendable>: Work, @unchecked Sendable {
    let token: CancellationToken
    let shared: (any SharedWork)?
    /// The steps' state. With the byte it has a size, even where the state is Void: the thread sanitizer takes an access to a
    /// stored property without one for an access to the object's header.
    private var held: (state: State, filler: UInt8)
    private let advance: (inout State, TimeSlice) throws -> Value?
    private let continuation: CheckedContinuation<Timed<Value>, any Error>

    /// - Parameter advance: works for about a millisecond; nil means that there is more to do.
    init(
        from state: State, token: CancellationToken, sharing shared: (any SharedWork)?,
        continuation: CheckedContinuation<Timed<Value>, any Error>,
        advance: @escaping (inout State, TimeSlice) throws -> Value?
    ) {
        held = (state, 0)
        self.token = token
        self.shared = shared
        self.continuation = continuation
        self.advance = advance
    }

    var mostThreads: Int { 1 }
    var takesPlace: Bool { false }
    var isStalled: Bool { false }
    var partial: (any Sendable)? { State.self == Void.self ? nil : held.state }

    func step(_ slice: TimeSlice) -> StepResult {
        do {
            guard let value = try advance(&held.state, slice) else { return .unfinished }
            let result = Timed(value: value, timing: token.timing)
            return .finished { [continuation] in continuation.resume(returning: result) }
        } catch {
            return .finished { [continuation] in continuation.resume(throwing: error) }
        }
    }

    func fail(_ error: any Error) { continuation.resume(throwing: error) }
}
