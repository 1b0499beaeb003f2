import NormalizingFlows
import Synchronization
public import Threads

/// The models once in memory, one queue, the compute threads: the only way for a request to reach
/// mathematics.
///
/// Every call suspends the caller and never blocks its thread. Cancelling the calling task stops
/// the work at its next iteration; work past its deadline throws
/// `ComputeError.interrupted` with what had been reached.
public final class Compute: Sendable {
    public let models: ModelRegistry
    public let configuration: ComputeConfiguration
    private let scheduler: Scheduler
    private let threads: [SystemThread]
    private let hasStopped = Atomic(false)

    /// Starts the threads.
    ///
    /// - Parameter models: with distinct names, the default first; none where no call will need one.
    /// - Throws: where the system cannot provide as many threads; none is left running then.
    public init(models: [ServedModel], configuration: ComputeConfiguration) throws(ThreadError) {
        self.models = ModelRegistry(models)
        self.configuration = configuration
        let scheduler = Scheduler(configuration)
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

    /// With one model, or none where no call will need one.
    ///
    /// - Parameter posteriorModel: the one that draws of missing pixels are made from, of images of the same size; nil:
    ///   `model`.
    public convenience init(
        model: LoadedModel?, posteriorModel: LoadedModel? = nil, configuration: ComputeConfiguration
    ) throws(ThreadError) {
        try self.init(
            models: model.map { [ServedModel($0.name, $0, smooth: posteriorModel)] } ?? [], configuration: configuration
        )
    }

    /// The default model. There must be one.
    public var standard: ServedModel {
        guard let standard = models.standard else { preconditionFailure("made without a model, and asked for it") }
        return standard
    }

    /// Refuses new work from now on; what is queued or running goes on.
    public func drain() { scheduler.drain() }

    /// Refuses new work, and ends all that is queued or running: its callers get
    /// `ComputeError.interrupted` with what had been reached.
    public func endAll() { scheduler.endAll() }

    /// Finishes what is queued, then ends the threads. Blocks until they have ended, unless another caller does.
    public func stop() {
        scheduler.stop()
        if hasStopped.exchange(true, ordering: .relaxed) { return }
        for thread in threads { thread.join() }
    }

    /// No caller is left, and so no work: the threads end by themselves.
    deinit {
        if hasStopped.load(ordering: .relaxed) { return }
        scheduler.stop()
        for thread in threads { thread.detach() }
    }

    /// Work that has begun and not ended.
    package var workUnderWay: Int { scheduler.monitor.withLock { $0.queue.count - $0.unbegun } }

    /// Runs one short piece of work on a compute thread.
    public func perform<Value: Sendable>(
        in context: WorkContext = .unlimited,
        _ body: @escaping @Sendable (ThreadResources) throws -> Value
    ) async throws -> Timed<Value> {
        try await perform(from: (), in: context) { _, resources in try body(resources) }
    }

    /// Runs work in steps of about a millisecond, until one returns the result.
    ///
    /// - Parameters:
    ///   - state: what the steps work on; the `partial` of an interruption.
    ///   - step: advances the state; nil means that there is more to do.
    public func perform<State: Sendable, Value: Sendable>(
        from state: State, in context: WorkContext = .unlimited,
        step: @escaping @Sendable (inout State, ThreadResources) throws -> Value?
    ) async throws -> Timed<Value> {
        try await enqueue(in: context) { token, continuation in
            SteppedWork(from: state, token: token, sharing: nil, continuation: continuation) { state, slice in
                try step(&state, slice.resources)
            }
        }
    }

    /// Evaluates a model at an image of D pixels, on all threads that are idle where threads can share that.
    ///
    /// - Parameters:
    ///   - missing: true where a pixel is missing, of a conditional model; else nil.
    ///   - read: takes the result from the workspace.
    func evaluate<Value: Sendable>(
        _ image: [Float], missing: [Bool]? = nil, by model: LoadedModel, in context: WorkContext,
        read: @escaping @Sendable (any FlowWorkspace) -> Value
    ) async throws -> Timed<Value> {
        let flow = model.flow
        return try await enqueue(in: context) { token, continuation in
            let evaluation = Evaluation(of: flow)
            return SteppedWork(
                from: (), token: token, sharing: flow.isShareable ? evaluation : nil,
                continuation: continuation
            ) { _, slice in
                try slice.resources.withWorkspace(for: flow) { workspace in
                    try evaluation.run(image, missing: missing, in: workspace, slice)
                    return read(workspace)
                }
            }
        }
    }

    /// Suspends the caller until the work that `make` returns has resumed the continuation. Cancels the
    /// work when the calling task is cancelled.
    func enqueue<Value: Sendable>(
        in context: WorkContext,
        _ make: (CancellationToken, CheckedContinuation<Timed<Value>, any Error>) -> any Work
    ) async throws -> Timed<Value> {
        let token = CancellationToken(context)
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                let work = make(token, continuation)
                do {
                    try scheduler.enqueue(work)
                } catch {
                    return work.fail(error)
                }
                // The task may have been cancelled before its work was in the queue.
                if Task.isCancelled { scheduler.cancel(token) }
            }
        } onCancel: {
            scheduler.cancel(token)
        }
    }
}
