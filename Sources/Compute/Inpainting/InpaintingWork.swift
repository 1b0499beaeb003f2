import LinearAlgebra
import NormalizingFlows

/// One image that is being inpainted.
///
/// `@unchecked Sendable`: a work item is in the scheduler's queue or in the hands of the one thread that
/// leads its time slice, and passes between them under the scheduler's lock. Helpers only evaluate the
/// model in its workspace, between two barriers that the leader passes, too.
final class InpaintingWork: Work, SharedWork, @unchecked Sendable {
    let token: CancellationToken
    private let model: any FlowModel
    private var run: InpaintingRun
    /// The one that is evaluated in: where threads share that, one of its own, made in the first step.
    private var workspace: (any FlowWorkspace)?
    private let reply: Reply<InpaintingRun, InpaintingRun>

    init(
        _ run: InpaintingRun, of model: any FlowModel, token: CancellationToken,
        progress: ProgressChannel<InpaintingRun>?,
        continuation: CheckedContinuation<Timed<InpaintingRun>, any Error>
    ) {
        self.run = run
        self.model = model
        self.token = token
        reply = Reply(progress: progress, continuation: continuation)
    }

    var mostThreads: Int { 1 }
    var takesPlace: Bool { true }
    /// True while the reader of the progress lags behind.
    var isStalled: Bool { reply.isBehind }
    var shared: (any SharedWork)? { model.isShareable ? self : nil }
    var partial: (any Sendable)? { run.logLikelihood == nil ? nil : run }

    /// One iteration.
    func step(_ slice: TimeSlice) -> StepResult {
        do {
            guard model.isShareable else {
                return try slice.resources.withWorkspace(for: model) { evaluate(slice, in: $0) }
            }
            let workspace = if let made = workspace { made } else { try model.makeWorkspace() as any FlowWorkspace }
            return evaluate(slice, in: workspace)
        } catch {
            return .finished { [self] in fail(error) }
        }
    }

    private func evaluate(_ slice: TimeSlice, in workspace: any FlowWorkspace) -> StepResult {
        self.workspace = workspace
        // A workspace that the thread has lent is its own again afterwards.
        defer { if !model.isShareable { self.workspace = nil } }
        workspace.load(run.position, missing: nil)
        let begin = ContinuousClock.now
        let members = slice.perform(
            run.demand == .gradient ? Self.gradient : Self.value, of: self, helped: slice.backoff.isWanted)
        slice.backoff.note(ContinuousClock.now - begin, members: members)
        return absorb(workspace)
    }

    private static let value = 0, gradient = 1

    func perform(_ step: Int, by member: ThreadTeam.Member) {
        guard let workspace else { return }
        if step == Self.gradient {
            workspace.differentiate(by: member)
        } else {
            for part in 0..<model.evaluationSteps { workspace.evaluate(step: part, by: member) }
        }
    }

    /// Takes in what the model says of `run.position`.
    private func absorb(_ workspace: any FlowWorkspace) -> StepResult {
        let points = run.trace.count
        do throws(NonFiniteValue) {
            try take(workspace)
        } catch {
            return .finished { self.fail(error) }
        }
        if run.trace.count > points { reply.send(run) }
        guard run.demand == nil else { return .unfinished }
        return reply.finished(run, token.timing)
    }

    private func take(_ workspace: any FlowWorkspace) throws(NonFiniteValue) {
        guard run.demand == .gradient else {
            try workspace.requireFiniteValue()
            return try run.absorb(logLikelihood: workspace.logProbability, gradient: [])
        }
        let gradient = try workspace.finiteGradient()
        try run.absorb(logLikelihood: workspace.logProbability, gradient: gradient)
    }

    func fail(_ error: any Error) { reply.fail(error) }
}
