import LinearAlgebra
import Metrics
import Synchronization
import Threads

/// The queue and the compute threads. All work takes turns of milliseconds on whichever thread is free, in
/// the order of `FairQueue`, so that none waits for a longer one to end. A thread for which nothing is left
/// helps another with its work.
///
/// A time slice is several steps, not one: the weights that an image needs, a sixth of all, are much the
/// same from one iteration to the next, and are then in the caches.
package final class Scheduler: Sendable {
    /// A work item and what the scheduler knows of it. Changed under the scheduler's lock only, but for `isDone`.
    final class Entry {
        let work: any Work
        let client: WorkContext.Client
        /// Whether it counts towards the limit of requests.
        let isCounted: Bool
        var hasBegun = false
        /// Threads that are in its steps.
        var running = 0
        var service = Duration.zero
        /// Whether those who have a thread should soon give it up for this.
        var isUrgent: Bool
        /// What ends it, once known: no thread takes it up then.
        var completion: Completion?
        /// Whether a thread's step was the last one: those who are in others begin none after them.
        let isDone = Atomic(false)

        init(_ work: any Work, isUrgent: Bool) {
            self.work = work
            self.isUrgent = isUrgent
            client = work.token.context.client
            isCounted = !work.token.context.waitsForPlace
        }
    }

    struct State {
        /// All work that has not ended.
        var queue = FairQueue<Entry>()
        /// The same, by token.
        var entries: [ObjectIdentifier: Entry] = [:]
        /// The shared work that threads lead at present.
        var slices: [SharedSlice] = []
        /// Entries that count towards the limit.
        var requests = 0
        /// Entries that hold a place.
        var placesTaken = 0
        /// Entries that no thread has begun.
        var unbegun = 0
        /// Entries that no thread is in, and of those the urgent ones.
        var waiting = 0, urgent = 0
        /// When to look for work that is interrupted while it waits: no deadline of an entry is earlier.
        var nextDeadline: ContinuousClock.Instant?
        var isDraining = false
        var isStopping = false
    }

    let monitor: Monitor<State>
    let configuration: ComputeConfiguration
    let metrics: ComputeMetrics
    /// Copies of `State.waiting` and `State.urgent`, for threads that look between two steps.
    let waiting = PaddedAtomic(), urgent = PaddedAtomic()

    package init(_ configuration: ComputeConfiguration) {
        self.configuration = configuration
        metrics = ComputeMetrics()
        monitor = Monitor(State())
    }

    /// - Throws: `ComputeError.queueFull` or `.draining`. The work has not been taken then, and nothing of
    ///   it has been called.
    package func enqueue(_ work: any Work) throws(ComputeError) {
        let refused = try monitor.withLock { (state) throws(ComputeError) -> Entry? in
            guard !state.isDraining else { throw .draining }
            let client = work.token.context.client
            let isFirst = state.queue.last(of: client, where: { _ in true }) == nil
            let entry = Entry(work, isUrgent: isFirst || !work.takesPlace)
            let refused = try entry.isCounted ? makeRoom(for: client, in: &state) : nil
            insert(entry, in: &state)
            publish(state)
            return refused
        }
        // A second thread can help with what is shared.
        if work.shared != nil || work.mostThreads > 1 { monitor.wakeAll() } else { monitor.wakeOne() }
        refused?.completion?()
    }

    /// Cancels the work of a token. What waits leaves the queue at once; what a thread is in, that thread
    /// drops after its step.
    package func cancel(_ token: CancellationToken) {
        token.cancel()
        let completion = monitor.withLock { state -> Completion? in
            guard let entry = state.entries[ObjectIdentifier(token)], entry.running == 0 else { return nil }
            interrupt(entry, .cancelled, in: &state)
            publish(state)
            return entry.completion
        }
        completion?()
    }

    /// Refuses new work from now on.
    package func drain() { monitor.withLock { $0.isDraining = true } }

    /// Refuses new work, and ends all that is queued or running with what it has reached. Returns at once:
    /// the threads do it.
    package func endAll() {
        monitor.withLock { state in
            state.isDraining = true
            for entry in state.queue.items { entry.work.token.shutDown() }
            state.nextDeadline = .now
        }
        monitor.wakeAll()
    }

    /// Refuses new work, and lets the threads end once nothing is left to do.
    package func stop() {
        monitor.withLock {
            $0.isDraining = true
            $0.isStopping = true
        }
        monitor.wakeAll()
    }

    // MARK: - Under the lock

    private func insert(_ entry: Entry, in state: inout State) {
        state.queue.insert(entry, of: entry.client, at: .now)
        state.entries[ObjectIdentifier(entry.work.token)] = entry
        if entry.isCounted { state.requests += 1 }
        state.unbegun += 1
        state.waiting += 1
        if entry.isUrgent { state.urgent += 1 }
        if let deadline = entry.work.token.context.deadline {
            state.nextDeadline = min(deadline, state.nextDeadline ?? deadline)
        }
    }

    /// Takes an entry out that no thread is in.
    func remove(_ entry: Entry, from state: inout State) {
        state.queue.remove(entry, of: entry.client)
        state.entries[ObjectIdentifier(entry.work.token)] = nil
        if entry.isCounted { state.requests -= 1 }
        if !entry.hasBegun { state.unbegun -= 1 }
        if entry.hasBegun && entry.work.takesPlace { state.placesTaken -= 1 }
        state.waiting -= 1
        if entry.isUrgent { state.urgent -= 1 }
    }

    /// Takes an entry out that no thread is in, and gives it the completion of its interruption.
    func interrupt(_ entry: Entry, _ interruption: Interruption, in state: inout State) {
        remove(entry, from: &state)
        entry.completion = { [work = entry.work] in work.end(by: interruption) }
        metrics.interrupted.increment()
    }

    /// To be called wherever what waits has changed.
    func publish(_ state: State) {
        metrics.queueDepth.record(state.unbegun)
        waiting.value.store(state.waiting, ordering: .relaxed)
        urgent.value.store(state.urgent, ordering: .relaxed)
    }
}
