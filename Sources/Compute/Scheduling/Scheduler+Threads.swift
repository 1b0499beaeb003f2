import DequeModule
import LinearAlgebra
import NormalizingFlows

// The threads' side.
extension Scheduler {
    private enum Task {
        case row(InpaintingRow, SharedSlice)
        /// With a turn where the job is shared.
        case job(Job, SharedSlice?)
        case help(SharedSlice, as: Int)
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

    private func lead(_ row: InpaintingRow, _ turn: SharedSlice) {
        let start = ContinuousClock.now
        if !row.hasBegun {
            row.hasBegun = true
            row.token.begin()
            metrics.waited(row.token.timing.queue)
        }
        var completion: Completion?, pace = HelpBackoff()
        repeat {
            if let interruption = row.token.interruption {
                completion = { [self] in abandon([(row, interruption)], []) }
                break
            }
            if row.isStalled { break }
            let begin = ContinuousClock.now
            do {
                let members = try row.iterate(turn, helped: pace.isWanted)
                pace.note(ContinuousClock.now - begin, members: members)
                completion = row.absorb()
            } catch {
                completion = { row.fail(error) }
            }
        } while completion == nil && mayGoOn(turn, since: start)
        monitor.withLock { state in
            state.turns.removeAll { $0 === turn }
            if completion == nil { state.rotation.append(row) } else { state.admitted -= 1 }
            notice(state)
        }
        turn.end()
        completion?()
    }

    private func mayGoOn(_ turn: SharedSlice, since start: ContinuousClock.Instant) -> Bool {
        let jobs = waitingJobs.value.load(ordering: .relaxed)
        if jobs == 0 && waitingRows.value.load(ordering: .relaxed) == 0 { return true }
        // Who helps here is wanted elsewhere.
        if turn.helperCount > 0 { return false }
        return ContinuousClock.now - start < (jobs > 0 ? Self.shortTurn : Self.turn)
    }

    private func advance(_ job: Job, _ turn: SharedSlice?, _ resources: ThreadResources) {
        let completion: Completion?
        if let interruption = job.token.interruption {
            completion = { [self] in abandon([], [(job, interruption)]) }
        } else {
            if !job.hasBegun {
                job.hasBegun = true
                job.token.begin()
                metrics.waited(job.token.timing.queue)
            }
            completion = job.slice(resources, turn)
        }
        if turn != nil || completion == nil {
            monitor.withLock { state in
                if let turn { state.turns.removeAll { $0 === turn } }
                if completion == nil { state.jobs.append(job) }
                notice(state)
            }
        }
        turn?.end()
        completion?()
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
            if !state.rotation.isEmpty { return .waitAtMost(.milliseconds(2)) }
            return state.isStopping ? .ready(nil) : .wait
        }
    }

    private func nextTask(from state: inout State, prefersJob: Bool) -> Task? {
        if prefersJob, let task = nextJob(from: &state) { return task }
        if let index = state.rotation.firstIndex(where: { !$0.isStalled }) {
            let row = state.rotation.remove(at: index), turn = SharedSlice(row)
            state.turns.append(turn)
            metrics.batchSize.record(state.admitted)
            return .row(row, turn)
        }
        if let task = nextJob(from: &state) { return task }
        let open = state.turns.filter { $0.helperCount + 1 < SharedSlice.mostMembers }
        return open.min { $0.helperCount < $1.helperCount }.map { .help($0, as: $0.enrol()) }
    }

    private func nextJob(from state: inout State) -> Task? {
        guard let job = state.jobs.popFirst() else { return nil }
        let turn = job.shared.map(SharedSlice.init)
        if let turn { state.turns.append(turn) }
        return .job(job, turn)
    }
}
