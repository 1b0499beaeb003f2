import RareEvents
import Synchronization

/// A simulation of the gambler's ruin: every thread that has time plays some of the gamblers. The report
/// depends on the run alone, not on which thread played which of them.
final class RuinWork: Work {
    private struct Part {
        let gamblers: Range<UInt64>
        var walks: any Walks
    }

    private struct State {
        var run: RuinRun
        /// The gamblers to hand out next; nil while there are none.
        var next: Range<UInt64>?
        /// Begun, and left by a thread whose time slice was over.
        var suspended: [Part] = []

        mutating func take(of plan: RuinPlan) -> Part? {
            if let part = suspended.popLast() { return part }
            guard let gamblers = next else { return nil }
            next = run.nextUnit()
            return Part(gamblers: gamblers, walks: plan.walks(of: gamblers))
        }
    }

    let token: CancellationToken
    let mostThreads: Int
    private let plan: RuinPlan
    private let state: Mutex<State>
    /// True while all that has been handed out is in other threads' hands.
    private let exhaustion = Exhaustion()
    private let reply: Reply<RuinReport, RuinReport>

    init(
        _ run: RuinRun, threads: Int, token: CancellationToken, progress: ProgressChannel<RuinReport>?,
        continuation: CheckedContinuation<Timed<RuinReport>, any Error>
    ) {
        var run = run
        let first = run.nextUnit()
        plan = run.plan
        mostThreads = max(1, min(threads, run.mostThreads))
        state = Mutex(State(run: run, next: first))
        self.token = token
        reply = Reply(progress: progress, continuation: continuation)
    }

    var takesPlace: Bool { false }
    var shared: (any SharedWork)? { nil }
    var isStalled: Bool { exhaustion.isReached }
    var partial: (any Sendable)? {
        state.withLock { $0.run.moments.gamblers > 0 ? $0.run.report() : nil }
    }

    func step(_ slice: TimeSlice) -> StepResult {
        guard
            var part = state.withLock({ state in
                let part = state.take(of: plan)
                noteExhaustion(state)
                return part
            })
        else { return .unfinished }
        guard let moments = part.walks.advance() else {
            return state.withLock { [part] state in
                state.suspended.append(part)
                return noteExhaustion(state)
            }
        }
        return state.withLock { state in
            for report in state.run.complete(part.gamblers, moments) { reply.send(report) }
            // Every thread that comes here finds the same, so that all of them end.
            do { try state.run.moments.requireFewEvents() } catch { return .finished { self.fail(error) } }
            if state.run.isFinished { return reply.finished(state.run.report(), token.timing) }
            if state.next == nil { state.next = state.run.nextUnit() }
            return noteExhaustion(state)
        }
    }

    /// Under the lock.
    @discardableResult private func noteExhaustion(_ state: State) -> StepResult {
        exhaustion.note(state.suspended.isEmpty && state.next == nil)
    }

    func fail(_ error: any Error) { reply.fail(error) }
}
