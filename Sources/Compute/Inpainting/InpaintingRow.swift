import NormalizingFlows

/// One image in the running batch.
///
/// `@unchecked Sendable`: a row is in the scheduler's queue or in the batch of the one thread
/// that admitted it, and passes between them under the scheduler's lock.
final class InpaintingRow: @unchecked Sendable {
    let ticket: Ticket
    let model: NICE
    var run: InpaintingRun
    var workspace: NICEWorkspace?
    private let progress: ProgressChannel<InpaintingRun>?
    private let continuation: CheckedContinuation<Timed<InpaintingRun>, any Error>

    init(
        _ run: InpaintingRun, of model: NICE, ticket: Ticket,
        progress: ProgressChannel<InpaintingRun>?,
        continuation: CheckedContinuation<Timed<InpaintingRun>, any Error>
    ) {
        self.run = run
        self.model = model
        self.ticket = ticket
        self.progress = progress
        self.continuation = continuation
    }

    /// True while the reader of the progress lags behind.
    var isStalled: Bool { progress?.isFull ?? false }

    /// Takes in what the model says of `run.position`; true when the run has ended.
    func absorb() -> Bool {
        guard let workspace else { preconditionFailure("a row in a batch has a workspace") }
        let points = run.trace.count
        run.absorb(logLikelihood: workspace.logProbability, gradient: workspace.gradient)
        if run.trace.count > points { progress?.send(run) }
        guard run.demand == nil else { return false }
        progress?.finish()
        continuation.resume(returning: Timed(value: run, timing: ticket.timing))
        return true
    }

    func abandon(_ interruption: Interruption) {
        progress?.finish()
        switch interruption {
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .deadline:
            continuation.resume(
                throwing: ComputeError.deadlineExceeded(
                    partial: run.logLikelihood == nil ? nil : run, timing: ticket.timing))
        }
    }
}
