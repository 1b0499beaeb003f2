import LinearAlgebra
import NormalizingFlows

/// One image that is being inpainted.
///
/// `@unchecked Sendable`: a work item is in the scheduler's queue or in the hands of the one thread that
/// leads its time slice, and passes between them under the scheduler's lock. Helpers only evaluate the
/// model in its workspace, between two barriers that the leader passes, too.
final class InpaintingWork: Work, SharedWork, @unchecked Sendable {
    let token: CancellationToken
    private let model: NICE
    private var run: InpaintingRun
    /// Made in the first step.
    private lazy var workspace = model.makeWorkspace()
    private let progress: ProgressChannel<InpaintingRun>?
    private let continuation: CheckedContinuation<Timed<InpaintingRun>, any Error>

    init(
        _ run: InpaintingRun, of model: NICE, token: CancellationToken,
        progress: ProgressChannel<InpaintingRun>?,
        continuation: CheckedContinuation<Timed<InpaintingRun>, any Error>
    ) {
        self.run = run
        self.model = model
        self.token = token
        self.progress = progress
        self.continuation = continuation
    }

    var mostThreads: Int { 1 }
    var takesPlace: Bool { true }
    /// True while the reader of the progress lags behind.
    var isStalled: Bool { progress?.isFull ?? false }
    var shared: (any SharedWork)? { self }
    var partial: (any Sendable)? { run.logLikelihood == nil ? nil : run }

    /// One iteration.
    func step(_ slice: TimeSlice) -> StepResult {
        workspace.load(run.position)
        let begin = ContinuousClock.now
        let members = slice.perform(
            run.demand == .gradient ? Self.gradient : Self.value, of: self, helped: slice.backoff.isWanted)
        slice.backoff.note(ContinuousClock.now - begin, members: members)
        return absorb()
    }

    private static let value = 0, gradient = 1

    func perform(_ step: Int, by member: ThreadTeam.Member) {
        if step == Self.gradient {
            model.differentiate(workspace, by: member)
        } else {
            model.evaluate(workspace, by: member)
        }
    }

    /// Takes in what the model says of `run.position`.
    private func absorb() -> StepResult {
        let points = run.trace.count
        do throws(NonFiniteValue) {
            try take()
        } catch {
            return .finished { [progress, continuation] in
                progress?.finish()
                continuation.resume(throwing: error)
            }
        }
        if run.trace.count > points { progress?.send(run) }
        guard run.demand == nil else { return .unfinished }
        let result = Timed(value: run, timing: token.timing)
        return .finished { [progress, continuation] in
            progress?.finish()
            continuation.resume(returning: result)
        }
    }

    private func take() throws(NonFiniteValue) {
        guard run.demand == .gradient else {
            try workspace.requireFiniteValue()
            return try run.absorb(logLikelihood: workspace.logProbability, gradient: [])
        }
        let gradient = try workspace.finiteGradient()
        try run.absorb(logLikelihood: workspace.logProbability, gradient: gradient)
    }

    func fail(_ error: any Error) {
        progress?.finish()
        continuation.resume(throwing: error)
    }
}
