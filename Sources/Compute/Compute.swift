import NormalizingFlows
public import Threads

/// The shared compute module: the weights once in memory, one queue, the compute threads. The
/// only way for a request to reach mathematics.
///
/// Every call suspends the caller and never blocks its thread. Cancelling the calling task stops
/// the work at its next iteration; work past its deadline throws
/// `ComputeError.interrupted` with what had been reached.
public final class Compute: Sendable {
    public let model: LoadedModel
    public let configuration: ComputeConfiguration
    private let scheduler: Scheduler
    private let threads: [SystemThread]

    /// Starts the threads.
    ///
    /// - Throws: where the system has not as many threads; none is left running then.
    public init(model: LoadedModel, configuration: ComputeConfiguration) throws(ThreadError) {
        self.model = model
        self.configuration = configuration
        let scheduler = Scheduler(configuration, metrics: ComputeMetrics())
        self.scheduler = scheduler
        var threads: [SystemThread] = []
        do {
            for index in 0..<configuration.threads {
                threads.append(try SystemThread(name: "compute-\(index)") { scheduler.work() })
            }
        } catch {
            scheduler.stop()
            for thread in threads { thread.join() }
            throw error
        }
        self.threads = threads
    }

    /// Refuses new work from now on; what is queued or running goes on.
    public func drain() { scheduler.drain() }

    /// Finishes what is queued, then ends the threads. Blocks until they have ended.
    public func stop() {
        scheduler.stop()
        for thread in threads { thread.join() }
    }

    /// Runs one short piece of work on a compute thread.
    public func perform<Value: Sendable>(
        in context: WorkContext = .unlimited,
        _ body: @escaping @Sendable (ThreadResources) throws -> Value
    ) async throws -> Timed<Value> {
        try await perform(from: (), in: context) { _, resources in try body(resources) }
    }

    /// Runs work in slices of about a millisecond, until one returns the result.
    ///
    /// - Parameters:
    ///   - state: what the slices work on; reported as `partial` when the deadline passes.
    ///   - slice: advances the state; nil means that there is more to do.
    public func perform<State: Sendable, Value: Sendable>(
        from state: State, in context: WorkContext = .unlimited,
        slice: @escaping @Sendable (inout State, ThreadResources) throws -> Value?
    ) async throws -> Timed<Value> {
        try await perform(from: state, in: context, sharing: nil) { state, resources, _ in
            try slice(&state, resources)
        }
    }

    /// Evaluates the model at an image of D pixels, on all threads that are idle.
    ///
    /// - Parameter read: takes the result from the workspace.
    func evaluate<Value: Sendable>(
        _ image: [Float], in context: WorkContext,
        read: @escaping @Sendable (NICEWorkspace) -> Value
    ) async throws -> Timed<Value> {
        let nice = model.nice, evaluation = Evaluation(of: nice)
        return try await perform(from: (), in: context, sharing: evaluation) { _, resources, turn in
            try resources.withWorkspace(for: nice) { workspace in
                try evaluation.run(image, in: workspace, turn ?? SharedSlice(evaluation), resources)
                return read(workspace)
            }
        }
    }

    private func perform<State: Sendable, Value: Sendable>(
        from state: State, in context: WorkContext, sharing shared: (any SharedWork)?,
        slice: @escaping @Sendable (inout State, ThreadResources, SharedSlice?) throws -> Value?
    ) async throws -> Timed<Value> {
        let token = CancellationToken(context)
        return try await withCheckedJob(token) { continuation in
            var state = state
            return Job(token: token, shared: shared) { resources, turn in
                do {
                    guard let value = try slice(&state, resources, turn) else { return nil }
                    let result = Timed(value: value, timing: token.timing)
                    return { continuation.resume(returning: result) }
                } catch {
                    return { continuation.resume(throwing: error) }
                }
            } abandon: { interruption in
                switch interruption {
                case .cancelled: continuation.resume(throwing: CancellationError())
                case .ended(let reason):
                    let partial: (any Sendable)? = State.self == Void.self ? nil : state
                    continuation.resume(throwing: ComputeError.interrupted(
                        InterruptedWork(reason: reason, partial: partial, timing: token.timing)))
                }
            }
        }
    }

    private func withCheckedJob<Value: Sendable>(
        _ token: CancellationToken, _ make: (CheckedContinuation<Timed<Value>, any Error>) -> Job
    ) async throws -> Timed<Value> {
        try await cancelling(token) { continuation in
            try self.enqueue([make(continuation)])
        }
    }

    /// Suspends until the work that `start` enqueues resumes the continuation; cancels its token
    /// when the task is cancelled.
    func cancelling<Value: Sendable>(
        _ token: CancellationToken,
        start: (CheckedContinuation<Timed<Value>, any Error>) throws -> Void
    ) async throws -> Timed<Value> {
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                do {
                    try start(continuation)
                } catch {
                    continuation.resume(throwing: error)
                }
                // The task may have been cancelled before its work stood in the queue.
                if Task.isCancelled { scheduler.sweep() }
            }
        } onCancel: {
            token.cancel()
            scheduler.sweep()
        }
    }

    func enqueue(_ row: InpaintingRow) throws(ComputeError) { try scheduler.enqueue(row) }
    func enqueue(_ jobs: [Job]) throws(ComputeError) { try scheduler.enqueue(jobs) }
}
