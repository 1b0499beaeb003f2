import DequeModule
import NormalizingFlows

/// The queue and the compute threads. Each thread owns a batch of rows; between two iterations
/// rows join and leave it, and the thread gives one slice to the next job.
final class Scheduler: Sendable {
    struct State {
        var rows: Deque<InpaintingRow> = []
        var jobs: Deque<Job> = []
        /// Rows in each thread's batch.
        var loads: [Int]
        var isDraining = false
        var isStopping = false

        /// Requests that no thread has taken up.
        var waiting: Int { rows.count + jobs.count { !$0.hasBegun } }
    }

    private let monitor: Monitor<State>
    private let configuration: ComputeConfiguration
    private let metrics: ComputeMetrics

    init(_ configuration: ComputeConfiguration, metrics: ComputeMetrics) {
        self.configuration = configuration
        self.metrics = metrics
        monitor = Monitor(State(loads: Array(repeating: 0, count: configuration.threads)))
    }

    func enqueue(_ row: InpaintingRow) throws(ComputeError) {
        try admit { $0.rows.append(row) }
    }

    /// All of them, or none where the queue is full.
    func enqueue(_ jobs: [Job]) throws(ComputeError) {
        try admit { $0.jobs.append(contentsOf: jobs) }
    }

    private func admit(_ append: (inout State) -> Void) throws(ComputeError) {
        try monitor.withLock { (state) throws(ComputeError) in
            guard !state.isDraining else { throw .draining }
            // A thread that sleeps takes the work up at once: that is not waiting.
            guard state.waiting < configuration.queue + configuration.threads else {
                metrics.rejected.increment()
                throw .queueFull
            }
            append(&state)
            metrics.queueDepth.record(state.waiting)
        }
        monitor.wakeAll()
    }

    /// Takes what was cancelled while it waited out of the queue at once; what a thread has is
    /// dropped by that thread at its next iteration.
    func sweep() {
        let (rows, jobs) = monitor.withLock { Self.takeInterrupted(from: &$0) }
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

    private static func takeInterrupted(
        from state: inout State
    ) -> ([(InpaintingRow, Interruption)], [(Job, Interruption)]) {
        var rows: [(InpaintingRow, Interruption)] = [], jobs: [(Job, Interruption)] = []
        state.rows.removeAll { row in
            guard let interruption = row.ticket.interruption else { return false }
            rows.append((row, interruption))
            return true
        }
        state.jobs.removeAll { job in
            guard let interruption = job.ticket.interruption else { return false }
            jobs.append((job, interruption))
            return true
        }
        return (rows, jobs)
    }

    private func abandon(_ rows: [(InpaintingRow, Interruption)], _ jobs: [(Job, Interruption)]) {
        for (row, interruption) in rows { row.abandon(interruption) }
        for (job, interruption) in jobs { job.abandon(interruption) }
        metrics.interrupted.increment(by: rows.count + jobs.count)
    }
}

// The threads' side.
extension Scheduler {
    private struct Turn {
        var rows: [InpaintingRow] = []
        var job: Job?
        var interruptedRows: [(InpaintingRow, Interruption)] = []
        var interruptedJobs: [(Job, Interruption)] = []
    }

    /// A compute thread's life.
    func work(thread: Int) {
        let resources = ThreadResources()
        var batch = InpaintingBatch()
        while let turn = nextTurn(of: thread, batch) {
            abandon(turn.interruptedRows, turn.interruptedJobs)
            for row in turn.rows {
                row.ticket.begin()
                metrics.waited(row.ticket.timing.queue)
                batch.join(row, resources)
            }
            metrics.interrupted.increment(by: batch.dropInterrupted(resources))
            if !batch.isEmpty {
                metrics.batchSize.record(batch.count)
                batch.iterate(resources)
            }
            let load = batch.count
            monitor.withLock { $0.loads[thread] = load }
            if let job = turn.job { advance(job, resources) }
        }
    }

    private func advance(_ job: Job, _ resources: ThreadResources) {
        if let interruption = job.ticket.interruption { return abandon([], [(job, interruption)]) }
        if !job.hasBegun {
            job.hasBegun = true
            job.ticket.begin()
            metrics.waited(job.ticket.timing.queue)
        }
        if !job.slice(resources) { monitor.withLock { $0.jobs.append(job) } }
    }

    /// What the thread does next; nil at its end.
    private func nextTurn(of thread: Int, _ batch: InpaintingBatch) -> Turn? {
        monitor.waitUntil { state in
            var turn = Turn()
            (turn.interruptedRows, turn.interruptedJobs) = Self.takeInterrupted(from: &state)
            // The thread with the fewest rows takes the next one.
            let bound = configuration.batch / configuration.threads
            while state.loads[thread] < bound, state.loads[thread] == state.loads.min(),
                let row = state.rows.popFirst() {
                turn.rows.append(row)
                state.loads[thread] += 1
            }
            turn.job = state.jobs.popFirst()
            metrics.queueDepth.record(state.waiting)
            let isIdle = turn.rows.isEmpty && turn.job == nil
                && turn.interruptedRows.isEmpty && turn.interruptedJobs.isEmpty
            if isIdle && batch.isEmpty { return state.isStopping ? .ready(nil) : .asleep }
            if isIdle && batch.isStalled { return .nap }
            return .ready(turn)
        }
    }
}
