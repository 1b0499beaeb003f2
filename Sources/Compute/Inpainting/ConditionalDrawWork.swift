import NormalizingFlows
import Synchronization

/// Draws of missing pixels by a conditional flow: every thread that has time makes a piece of them. The result depends
/// on the run alone, not on which thread made which.
final class ConditionalDrawWork: Work {
    let token: CancellationToken
    let mostThreads: Int
    private let model: any FlowModel
    private let run: Mutex<ConditionalDrawRun>
    /// True while all pieces that can be made are in other threads' hands.
    private let exhaustion = Exhaustion()
    private let reply: Reply<ConditionalDrawRun, ConditionalDrawRun>

    /// - Parameter model: the run's.
    init(
        _ run: ConditionalDrawRun, of model: any FlowModel, threads: Int, token: CancellationToken,
        progress: ProgressChannel<ConditionalDrawRun>?,
        continuation: CheckedContinuation<Timed<ConditionalDrawRun>, any Error>
    ) {
        self.model = model
        mostThreads = max(1, min(threads, run.pieces))
        self.run = Mutex(run)
        self.token = token
        reply = Reply(progress: progress, continuation: continuation)
    }

    var takesPlace: Bool { true }
    var shared: (any SharedWork)? { nil }
    /// True too while the reader of the progress lags behind.
    var isStalled: Bool { exhaustion.isReached || reply.isBehind }
    var partial: (any Sendable)? {
        run.withLock { run in
            guard run.count > 0 else { return nil }
            return run.reportingAll()
        }
    }

    func step(_ slice: TimeSlice) -> StepResult {
        let (piece, now) = run.withLock { run in
            let piece = run.take()
            exhaustion.note(run.isExhausted)
            return (piece, run)
        }
        guard let piece else { return .unfinished }
        let made: ConditionalDrawRun.Made
        do {
            made = try slice.resources.withWorkspace(for: model) { workspace in
                guard let workspace = workspace as? ConvolutionalWorkspace else {
                    preconditionFailure("a run is of a flow of convolutions")
                }
                return try workspace.make(piece, of: now)
            }
        } catch {
            return .finished { self.fail(error) }
        }
        return run.withLock { run in
            run.put(made) { reply.send($0) }
            guard run.isOver else { return exhaustion.note(run.isExhausted) }
            return reply.finished(run, token.timing)
        }
    }

    func fail(_ error: any Error) { reply.fail(error) }
}
