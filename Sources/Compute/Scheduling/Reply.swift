/// Where work's reports and its result go: to the task that waits, and to whoever reads the reports.
struct Reply<Value: Sendable, Report: Sendable>: Sendable {
    /// nil where nobody reads them.
    let progress: ProgressChannel<Report>?
    let continuation: CheckedContinuation<Timed<Value>, any Error>

    /// Whether the reader of the reports lags behind.
    var isBehind: Bool { progress?.isFull ?? false }

    /// Under the work's lock, so that reports go out in order.
    func send(_ report: Report) { progress?.send(report) }

    /// The end of work that has come to its result.
    func finished(_ value: Value, _ timing: Timing) -> StepResult {
        let result = Timed(value: value, timing: timing)
        return .finished {
            progress?.finish()
            continuation.resume(returning: result)
        }
    }

    /// To be called last and without a lock, like a completion.
    func fail(_ error: any Error) {
        progress?.finish()
        continuation.resume(throwing: error)
    }
}
