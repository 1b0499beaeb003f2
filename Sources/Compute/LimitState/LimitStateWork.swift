import RareEvents
import Synchronization

/// An estimate of a limit state's probability: every thread that has time performs units of it. The report depends on
/// the problem and the specification alone, not on which thread performed which unit.
final class LimitStateWork: Work {
    let token: CancellationToken
    let mostThreads: Int
    private let run: LimitStateRun
    /// The unit to hand out next; nil while there is none.
    private let next: Mutex<LimitStateUnit?>
    /// True while all units that there are for now are in other threads' hands.
    private let exhaustion = Exhaustion()
    /// The last line; held while a unit is completed, so that lines go out in the order of the work.
    private let last = Mutex<LimitStateProgress?>(nil)
    private let reply: Reply<LimitStateReport, LimitStateProgress>

    init(
        _ run: LimitStateRun, threads: Int, token: CancellationToken, progress: ProgressChannel<LimitStateProgress>?,
        continuation: CheckedContinuation<Timed<LimitStateReport>, any Error>
    ) {
        self.run = run
        mostThreads = max(1, min(threads, run.mostThreads))
        next = Mutex(run.nextUnit())
        self.token = token
        reply = Reply(progress: progress, continuation: continuation)
    }

    var takesPlace: Bool { false }
    var shared: (any SharedWork)? { nil }
    var isStalled: Bool { exhaustion.isReached }
    var partial: (any Sendable)? { last.withLock { $0 } }

    func step(_ slice: TimeSlice) -> StepResult {
        let unit = next.withLock { next -> LimitStateUnit? in
            guard let unit = next else { return nil }
            next = run.nextUnit()
            noteExhaustion(next)
            return unit
        }
        guard let unit else { return finished ?? next.withLock { noteExhaustion($0) } }
        do {
            let outcome = try unit.perform()
            last.withLock { last in
                for line in run.complete(unit, outcome) {
                    reply.send(line)
                    last = line
                }
            }
        } catch is CancellationError {
            // The unit gave up since nobody waits; the scheduler sees that for itself.
            return .unfinished
        } catch {
            return .finished { self.fail(error) }
        }
        if let finished { return finished }
        return next.withLock { next in
            if next == nil { next = run.nextUnit() }
            return noteExhaustion(next)
        }
    }

    private var finished: StepResult? {
        guard run.isFinished, let report = run.report() else { return nil }
        return reply.finished(report, token.timing)
    }

    /// Under the lock of `next`.
    @discardableResult private func noteExhaustion(_ next: LimitStateUnit?) -> StepResult {
        exhaustion.note(next == nil && !run.isFinished)
    }

    func fail(_ error: any Error) { reply.fail(error) }
}
