import NormalizingFlows
import Synchronization

/// A photograph that is being filled: every thread that has time evaluates patches of it. The result depends on the ascent
/// alone, not on which thread did what.
final class PatchWork: Work {
    let token: CancellationToken
    let mostThreads: Int
    private let ascent: PatchAscent
    /// What was known along the way; its lock is held while units of the ascent are handed out and taken back.
    private let trace = Mutex<[PatchProgressPoint]>([])
    /// True while all units that there are for now are in other threads' hands.
    private let exhaustion = Exhaustion()
    private let traceEvery: Int
    private let reply: Reply<FilledPicture, PatchProgress>

    init(
        _ ascent: PatchAscent, threads: Int, traceEvery: Int, token: CancellationToken,
        progress: ProgressChannel<PatchProgress>?, continuation: CheckedContinuation<Timed<FilledPicture>, any Error>
    ) {
        self.ascent = ascent
        mostThreads = max(1, threads)
        self.traceEvery = traceEvery
        self.token = token
        reply = Reply(progress: progress, continuation: continuation)
    }

    var takesPlace: Bool { true }
    var shared: (any SharedWork)? { nil }
    /// True too while the reader of the progress lags behind.
    var isStalled: Bool { exhaustion.isReached || reply.isBehind }
    var partial: (any Sendable)? { trace.withLock { _ in PatchProgress(ascent) } }

    /// One unit: some milliseconds.
    func step(_ slice: TimeSlice) -> StepResult {
        do {
            let unit = try trace.withLock { _ in
                defer { noteExhaustion() }
                return try ascent.next()
            }
            guard let unit else { return .unfinished }
            ascent.perform(unit)
            return trace.withLock { trace in
                if ascent.complete(unit), traceEvery > 0, ascent.iteration.isMultiple(of: traceEvery) {
                    trace.append(.init(iteration: ascent.iteration, logLikelihood: ascent.logLikelihood))
                    reply.send(PatchProgress(ascent))
                }
                guard ascent.isDone else { return noteExhaustion() }
                return reply.finished(FilledPicture(ascent: ascent, trace: trace), token.timing)
            }
        } catch {
            return .finished { self.fail(error) }
        }
    }

    /// Under the lock.
    @discardableResult private func noteExhaustion() -> StepResult {
        exhaustion.note(!ascent.hasUnit && !ascent.isDone)
    }

    func fail(_ error: any Error) { reply.fail(error) }
}

/// What is known of an ascent on its way.
public struct PatchProgress: Sendable {
    public let iteration: Int
    /// Mean of log p over patches before the last step, in nats; nil before the first.
    public let logLikelihood: Double?
    /// The picture as it is, no larger than a preview.
    public let preview: Picture

    init(_ ascent: PatchAscent) {
        iteration = ascent.iteration
        logLikelihood = ascent.logLikelihood
        preview = ascent.preview(atMost: Self.previewSide)
    }

    /// Most rows and columns of a preview.
    public static let previewSide = 512
}
