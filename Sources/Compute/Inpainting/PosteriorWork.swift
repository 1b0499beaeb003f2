import NormalizingFlows
import Synchronization

/// Draws of missing pixels: every thread that has time advances one of the chains. The result depends on the run alone,
/// not on which thread advanced which of them.
final class PosteriorWork: Work {
    let token: CancellationToken
    let mostThreads: Int
    private let model: any FlowModel
    private let run: Mutex<PosteriorRun>
    /// True while all chains that are not at the end of the round are in other threads' hands.
    private let exhaustion = Exhaustion()
    private let reply: Reply<PosteriorRun, PosteriorRun>

    init(
        _ run: PosteriorRun, of model: any FlowModel, threads: Int, token: CancellationToken,
        progress: ProgressChannel<PosteriorRun>?,
        continuation: CheckedContinuation<Timed<PosteriorRun>, any Error>
    ) {
        self.model = model
        mostThreads = max(1, min(threads, run.specification.chains))
        self.run = Mutex(run)
        self.token = token
        reply = Reply(progress: progress, continuation: continuation)
    }

    var takesPlace: Bool { true }
    var shared: (any SharedWork)? { nil }
    /// True too while the reader of the progress lags behind.
    var isStalled: Bool { exhaustion.isReached || reply.isBehind }
    var partial: (any Sendable)? {
        run.withLock { $0.logLikelihood == nil ? nil : $0 }
    }

    func step(_ slice: TimeSlice) -> StepResult {
        let taken = run.withLock { run in
            let taken = run.take()
            exhaustion.note(run.isExhausted)
            return taken.map { (index: $0.index, sampler: $0.sampler, end: run.roundEnd) }
        }
        guard let taken else { return .unfinished }
        var sampler = taken.sampler
        do {
            try slice.resources.withWorkspace(for: model) { workspace in
                for _ in 0..<model.evaluationsAMillisecond where sampler.chain.evaluations < taken.end {
                    try advance(&sampler, in: workspace)
                }
            }
        } catch {
            return .finished { self.fail(error) }
        }
        return run.withLock { [sampler] run in
            guard run.put(taken.index, sampler) else { return exhaustion.note(run.isExhausted) }
            if let last = run.trace.last, last.iteration == run.iteration { reply.send(run) }
            guard run.isOver else { return exhaustion.note(run.isExhausted) }
            return reply.finished(run, token.timing)
        }
    }

    private func advance(_ sampler: inout PosteriorSampler, in workspace: any FlowWorkspace) throws(NonFiniteValue) {
        workspace.differentiate(sampler.chain.position)
        do throws(NonFiniteValue) {
            let gradient = try workspace.finiteGradient()
            sampler.absorb(.init(logLikelihood: workspace.logProbability, gradient: gradient))
        } catch {
            // A trajectory that comes there is refused; a chain that begins there cannot go on.
            guard sampler.chain.state != nil else { throw error }
            sampler.absorb(nil)
        }
    }

    func fail(_ error: any Error) { reply.fail(error) }
}
