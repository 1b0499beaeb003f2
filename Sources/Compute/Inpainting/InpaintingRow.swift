import LinearAlgebra
import NormalizingFlows

/// One image that is being inpainted.
///
/// `@unchecked Sendable`: a row is in one of the scheduler's queues or in the hands of the one
/// thread that leads its turn, and passes between them under the scheduler's lock. Helpers only
/// evaluate the model in its workspace, between two points where they and the leader meet.
final class InpaintingRow: SharedWork, @unchecked Sendable {
    let token: CancellationToken
    let model: NICE
    var run: InpaintingRun
    var hasBegun = false
    /// Made when the row's first turn begins, by its leader.
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

    /// True while the reader of the progress lags behind.
    var isStalled: Bool { progress?.isFull ?? false }

    /// One iteration, helped by whoever has joined the turn if they are wanted. The leader's.
    ///
    /// - Returns: how many threads did it.
    func iterate(_ turn: SharedSlice, helped: Bool) -> Int {
        workspace.load(run.position)
        return turn.perform(run.demand == .gradient ? Self.gradient : Self.value, helped: helped)
    }

    private static let value = 0, gradient = 1

    func perform(_ step: Int, by member: Crew.Member) {
        if step == Self.gradient {
            model.differentiate(workspace, by: member)
        } else {
            model.evaluate(workspace, by: member)
        }
    }

    /// Takes in what the model says of `run.position`; when the run has ended, what delivers it.
    func absorb() -> Completion? {
        let points = run.trace.count
        do throws(NonFiniteValue) {
            try take()
        } catch {
            return { [progress, continuation] in
                progress?.finish()
                continuation.resume(throwing: error)
            }
        }
        if run.trace.count > points { progress?.send(run) }
        guard run.demand == nil else { return nil }
        let result = Timed(value: run, timing: token.timing)
        return { [progress, continuation] in
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

    func abandon(_ interruption: Interruption) {
        progress?.finish()
        switch interruption {
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .ended(let reason):
            continuation.resume(throwing: ComputeError.interrupted(InterruptedWork(
                reason: reason, partial: run.logLikelihood == nil ? nil : run, timing: token.timing)))
        }
    }
}
