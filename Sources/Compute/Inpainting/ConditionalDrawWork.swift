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
    private let isExhausted = Atomic(false)
    private let progress: ProgressChannel<ConditionalDrawRun>?
    private let continuation: CheckedContinuation<Timed<ConditionalDrawRun>, any Error>

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
        self.progress = progress
        self.continuation = continuation
    }

    var takesPlace: Bool { true }
    var shared: (any SharedWork)? { nil }
    /// True too while the reader of the progress lags behind.
    var isStalled: Bool { isExhausted.load(ordering: .relaxed) || progress?.isFull ?? false }
    var partial: (any Sendable)? {
        run.withLock { run in
            guard run.count > 0 else { return nil }
            return run.reportingAll()
        }
    }

    func step(_ slice: TimeSlice) -> StepResult {
        let (piece, now) = run.withLock { run in
            let piece = run.take()
            noteExhaustion(run)
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
            // Sent under the lock, so that reports go out in order.
            run.put(made) { [progress] in progress?.send($0) }
            guard run.isOver else { return noteExhaustion(run) }
            let run = run
            return .finished { [progress, continuation, token] in
                progress?.finish()
                continuation.resume(returning: Timed(value: run, timing: token.timing))
            }
        }
    }

    /// Under the lock.
    @discardableResult private func noteExhaustion(_ run: ConditionalDrawRun) -> StepResult {
        let now = run.isExhausted
        let before = isExhausted.exchange(now, ordering: .relaxed)
        return before && !now ? .unblocked : .unfinished
    }

    func fail(_ error: any Error) {
        progress?.finish()
        continuation.resume(throwing: error)
    }
}
