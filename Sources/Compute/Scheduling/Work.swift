/// Hands a result to the task that waits for it. That task may go on at once, on the thread that
/// calls this: so it is called last, and without a lock.
package typealias Completion = () -> Void

/// A request's work, which compute threads advance a step at a time.
///
/// Between two steps it can be interrupted, and its thread can go to other work, so that nothing long
/// holds a thread.
package protocol Work: AnyObject, Sendable {
    var token: CancellationToken { get }
    /// How many threads may be in `step` at once.
    var mostThreads: Int { get }
    /// Whether it holds, from its first step to its end, one of the places that `ComputeConfiguration.batch` counts.
    var takesPlace: Bool { get }
    /// True while there is nothing that one more thread could do. Asked under the scheduler's lock, so it
    /// must be quick and must not call the scheduler.
    var isStalled: Bool { get }
    /// What idle threads can help with, if there is such a thing.
    var shared: (any SharedWork)? { get }
    /// What has been reached: the `partial` of an interruption.
    var partial: (any Sendable)? { get }

    /// Works for about a millisecond.
    func step(_ slice: TimeSlice) -> StepResult
    /// Tells the waiting task that the work has failed. Like a completion, to be called last.
    func fail(_ error: any Error)
}

/// What a step came to.
package enum StepResult {
    /// There is more to do.
    case unfinished
    /// There is more to do, also for threads that found the work stalled before.
    case unblocked
    /// The work is done or has failed. Whoever else is in a step ends it first.
    case finished(Completion)
}

extension Work {
    /// Tells the waiting task that the work was interrupted, and what had been reached.
    func end(by interruption: Interruption) {
        switch interruption {
        case .cancelled: fail(CancellationError())
        case .ended(let reason):
            fail(ComputeError.interrupted(
                InterruptedWork(reason: reason, partial: partial, timing: token.timing)))
        }
    }
}
