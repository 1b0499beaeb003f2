import DequeModule
import LinearAlgebra
import NormalizingFlows

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
        var turns: [SharedTurn] = []
        var jobs: Deque<Job> = []
        var isDraining = false
        var isStopping = false

        /// Requests that no thread has taken up.
        var waiting: Int { rows.count + jobs.count { !$0.hasBegun } }
    }

    private let monitor: Monitor<State>
    private let configuration: ComputeConfiguration
    private let metrics: ComputeMetrics
    /// Rows and jobs that wait for a thread.
    private let waitingRows = PaddedAtomic(), waitingJobs = PaddedAtomic()
    /// A row's turn while only rows wait: long against what it costs to fill the caches anew.
    private static let turn = Duration.milliseconds(12)
    /// Its turn while a job waits, most of which are short themselves.
    private static let shortTurn = Duration.milliseconds(2)

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
    private func notice(_ state: State) {
        metrics.queueDepth.record(state.waiting)
        let admissible = min(state.rows.count, configuration.batch - state.admitted)
        waitingRows.value.store(state.rotation.count + admissible, ordering: .relaxed)
        waitingJobs.value.store(state.jobs.count, ordering: .relaxed)
    }

    private func takeInterrupted(
        from state: inout State
    ) -> ([(InpaintingRow, Interruption)], [(Job, Interruption)]) {
        var rows: [(InpaintingRow, Interruption)] = [], jobs: [(Job, Interruption)] = []
        func isInterrupted(_ row: InpaintingRow) -> Bool {
            guard let interruption = row.ticket.interruption else { return false }
            rows.append((row, interruption))
            return true
        }
        state.rows.removeAll(where: isInterrupted)
        let admitted = state.rotation.count
        state.rotation.removeAll(where: isInterrupted)
        state.admitted -= admitted - state.rotation.count
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
    private enum Task {
        case row(InpaintingRow, SharedTurn)
        /// With a turn where the job is shared.
        case job(Job, SharedTurn?)
        case help(SharedTurn, as: Int)
        /// Nothing but what was interrupted.
        case sweep
    }

    private struct Turn {
        var task: Task
        var interrupted: ([(InpaintingRow, Interruption)], [(Job, Interruption)])
    }

    /// A compute thread's life.
    func work() {
        let resources = ThreadResources()
        var prefersJob = false
        while let turn = nextTurn(prefersJob: prefersJob) {
            abandon(turn.interrupted.0, turn.interrupted.1)
            switch turn.task {
            case .row(let row, let turn): lead(row, turn)
            case .job(let job, let turn): advance(job, turn, resources)
            case .help(let turn, let index): turn.help(as: index)
            case .sweep: break
            }
            if case .job = turn.task { prefersJob = false } else { prefersJob = true }
        }
    }

    private func lead(_ row: InpaintingRow, _ turn: SharedTurn) {
        let start = ContinuousClock.now
        if !row.hasBegun {
            row.hasBegun = true
            row.ticket.begin()
            metrics.waited(row.ticket.timing.queue)
        }
        var hasEnded = false, interruption: Interruption?, pace = HelpPace()
        repeat {
            interruption = row.ticket.interruption
            if interruption != nil || row.isStalled { break }
            let begin = ContinuousClock.now
            let members = row.iterate(turn, helped: pace.isWanted)
            pace.note(ContinuousClock.now - begin, members: members)
            hasEnded = row.absorb()
        } while !hasEnded && mayGoOn(turn, since: start)
        monitor.withLock { state in
            state.turns.removeAll { $0 === turn }
            if hasEnded || interruption != nil {
                state.admitted -= 1
            } else {
                state.rotation.append(row)
            }
            notice(state)
        }
        turn.end()
        if let interruption { abandon([(row, interruption)], []) }
    }

    private func mayGoOn(_ turn: SharedTurn, since start: ContinuousClock.Instant) -> Bool {
        let jobs = waitingJobs.value.load(ordering: .relaxed)
        if jobs == 0 && waitingRows.value.load(ordering: .relaxed) == 0 { return true }
        // Who helps here is wanted elsewhere.
        if turn.helperCount > 0 { return false }
        return ContinuousClock.now - start < (jobs > 0 ? Self.shortTurn : Self.turn)
    }

    private func advance(_ job: Job, _ turn: SharedTurn?, _ resources: ThreadResources) {
        defer {
            if let turn {
                monitor.withLock { state in state.turns.removeAll { $0 === turn } }
                turn.end()
            }
        }
        if let interruption = job.ticket.interruption { return abandon([], [(job, interruption)]) }
        if !job.hasBegun {
            job.hasBegun = true
            job.ticket.begin()
            metrics.waited(job.ticket.timing.queue)
        }
        if !job.slice(resources, turn) {
            monitor.withLock {
                $0.jobs.append(job)
                notice($0)
            }
        }
    }

    /// What the thread does next; nil at its end.
    private func nextTurn(prefersJob: Bool) -> Turn? {
        monitor.waitUntil { state in
            let interrupted = takeInterrupted(from: &state)
            // Who is new goes first, so that nobody waits long for his beginning.
            let room = min(configuration.batch - state.admitted, state.rows.count)
            state.rotation.insert(contentsOf: state.rows.prefix(room), at: 0)
            state.rows.removeFirst(room)
            state.admitted += room
            defer { notice(state) }
            if let task = nextTask(from: &state, prefersJob: prefersJob) {
                return .ready(Turn(task: task, interrupted: interrupted))
            }
            if !interrupted.0.isEmpty || !interrupted.1.isEmpty {
                return .ready(Turn(task: .sweep, interrupted: interrupted))
            }
            // Rows whose readers lag behind are asked again soon.
            if !state.rotation.isEmpty { return .nap }
            return state.isStopping ? .ready(nil) : .asleep
        }
    }

    private func nextTask(from state: inout State, prefersJob: Bool) -> Task? {
        if prefersJob, let task = nextJob(from: &state) { return task }
        if let index = state.rotation.firstIndex(where: { !$0.isStalled }) {
            let row = state.rotation.remove(at: index), turn = SharedTurn(row)
            state.turns.append(turn)
            metrics.batchSize.record(state.admitted)
            return .row(row, turn)
        }
        if let task = nextJob(from: &state) { return task }
        let open = state.turns.filter { $0.helperCount + 1 < SharedTurn.mostMembers }
        return open.min { $0.helperCount < $1.helperCount }.map { .help($0, as: $0.enrol()) }
    }

    private func nextJob(from state: inout State) -> Task? {
        guard let job = state.jobs.popFirst() else { return nil }
        let turn = job.shared.map(SharedTurn.init)
        if let turn { state.turns.append(turn) }
        return .job(job, turn)
    }
}
