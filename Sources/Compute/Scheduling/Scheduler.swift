import DequeModule
import LinearAlgebra
import NormalizingFlows
import Threads

/// The queue and the compute threads. Rows and jobs take turns of milliseconds on whichever thread
/// is free, so that none waits for a longer one to end; between two of its iterations a row's turn
/// can end, and a row can be given up. A thread for which nothing is left helps another with its row.
///
/// A turn is several iterations, not one: the weights that an image needs, a sixth of all, are much
/// the same from one iteration to the next, and then lie in the caches.
final class Scheduler: Sendable {
    struct State {
        /// Rows that wait to be admitted.
        var rows: Deque<InpaintingRow> = []
        /// Rows that have been, but for those that a thread leads.
        var rotation: Deque<InpaintingRow> = []
        /// Rows admitted and not ended.
        var admitted = 0
        /// The shared work that threads lead at present.
        var turns: [SharedSlice] = []
        var jobs: Deque<Job> = []
        var isDraining = false
        var isStopping = false

        /// Requests that no thread has taken up.
        var waiting: Int { rows.count + jobs.count { !$0.hasBegun } }
    }

    let monitor: Monitor<State>
    let configuration: ComputeConfiguration
    let metrics: ComputeMetrics
    /// Rows and jobs that wait for a thread.
    let waitingRows = PaddedAtomic(), waitingJobs = PaddedAtomic()
    /// A row's turn while only rows wait: long against what it costs to fill the caches anew.
    static let turn = Duration.milliseconds(12)
    /// Its turn while a job waits, most of which are short themselves.
    static let shortTurn = Duration.milliseconds(2)

    init(_ configuration: ComputeConfiguration, metrics: ComputeMetrics) {
        self.configuration = configuration
        self.metrics = metrics
        monitor = Monitor(State())
    }

    func enqueue(_ row: InpaintingRow) throws(ComputeError) {
        try admit { $0.rows.append(row) }
    }

    /// All of them, or none where the queue is full.
    func enqueue(_ jobs: [Job]) throws(ComputeError) {
        try admit(wakesAll: jobs.count > 1 || jobs.contains { $0.shared != nil }) { $0.jobs.append(contentsOf: jobs) }
    }

    /// - Parameter wakesAll: whether more than one thread finds something to do.
    private func admit(
        wakesAll: Bool = true, _ append: (inout State) -> Void
    ) throws(ComputeError) {
        try monitor.withLock { (state) throws(ComputeError) in
            guard !state.isDraining else { throw .draining }
            // A thread that sleeps takes the work up at once: that is not waiting.
            guard state.waiting < configuration.queue + configuration.threads else {
                metrics.rejected.increment()
                throw .queueFull
            }
            append(&state)
            notice(state)
        }
        if wakesAll { monitor.wakeAll() } else { monitor.wakeOne() }
    }

    /// Takes what was cancelled while it waited out of the queue at once; what a thread has is
    /// dropped by that thread at its next iteration.
    func sweep() {
        let (rows, jobs) = monitor.withLock { takeInterrupted(from: &$0) }
        abandon(rows, jobs)
    }

    /// Refuses new work from now on.
    func drain() { monitor.withLock { $0.isDraining = true } }

    /// Lets the threads end once nothing is left to do.
    func stop() {
        monitor.withLock {
            $0.isDraining = true
            $0.isStopping = true
        }
        monitor.wakeAll()
    }

    /// To be called wherever what waits has changed.
    func notice(_ state: State) {
        metrics.queueDepth.record(state.waiting)
        let admissible = min(state.rows.count, configuration.batch - state.admitted)
        waitingRows.value.store(state.rotation.count + admissible, ordering: .relaxed)
        waitingJobs.value.store(state.jobs.count, ordering: .relaxed)
    }

    func takeInterrupted(
        from state: inout State
    ) -> ([(InpaintingRow, Interruption)], [(Job, Interruption)]) {
        var rows: [(InpaintingRow, Interruption)] = [], jobs: [(Job, Interruption)] = []
        func isInterrupted(_ row: InpaintingRow) -> Bool {
            guard let interruption = row.token.interruption else { return false }
            rows.append((row, interruption))
            return true
        }
        state.rows.removeAll(where: isInterrupted)
        let admitted = state.rotation.count
        state.rotation.removeAll(where: isInterrupted)
        state.admitted -= admitted - state.rotation.count
        state.jobs.removeAll { job in
            guard let interruption = job.token.interruption else { return false }
            jobs.append((job, interruption))
            return true
        }
        return (rows, jobs)
    }

    func abandon(_ rows: [(InpaintingRow, Interruption)], _ jobs: [(Job, Interruption)]) {
        for (row, interruption) in rows { row.abandon(interruption) }
        for (job, interruption) in jobs { job.abandon(interruption) }
        metrics.interrupted.increment(by: rows.count + jobs.count)
    }
}
