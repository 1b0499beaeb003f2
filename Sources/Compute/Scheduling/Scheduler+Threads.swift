import Synchronization
import Threads

// The threads' side.
extension Scheduler {
    private enum Assignment {
        /// With a shared slice where the work is shared.
        case lead(Entry, SharedSlice?)
        case help(SharedSlice, as: Int)
        /// Only to complete what was interrupted.
        case complete
    }

    /// A slice's length while other work waits: long compared with the time it takes to fill the caches anew.
    private static let longSlice = Duration.milliseconds(12)
    /// Its length while urgent work waits.
    private static let shortSlice = Duration.milliseconds(2)
    /// Work that has had more than this is no longer urgent.
    private static let urgentService = Duration.milliseconds(50)
    /// How soon stalled work is looked at again.
    private static let stallCheck = Duration.milliseconds(2)

    /// What a compute thread does from its start to its end.
    package func work() {
        let resources = ThreadResources()
        while let (interrupted, assignment) = nextAssignment() {
            for entry in interrupted { entry.completion?() }
            switch assignment {
            case .lead(let entry, let shared): lead(entry, TimeSlice(resources, sharing: shared))
            case .help(let slice, let index): slice.help(as: index)
            case .complete: break
            }
        }
        // The other threads wait while any work is left. This one did the last of it, so it wakes them.
        monitor.wakeAll()
    }

    private func lead(_ entry: Entry, _ slice: TimeSlice) {
        let work = entry.work, start = ContinuousClock.now
        var completion: Completion?, interruption: Interruption?
        repeat {
            interruption = work.token.interruption
            if let interruption {
                completion = { work.end(by: interruption) }
                break
            }
            if entry.isDone.load(ordering: .relaxed) || work.isStalled { break }
            switch work.step(slice) {
            case .unfinished: break
            case .unblocked:
                // A thread that found the work stalled, under the lock, is waiting once this one has had the lock.
                monitor.withLock { _ in }
                monitor.wakeAll()
            case .finished(let finished):
                entry.isDone.store(true, ordering: .relaxed)
                completion = finished
            }
        } while completion == nil && mayContinue(slice, since: start)
        let ended = leave(
            entry, slice, ContinuousClock.now - start, completion, isInterrupted: interruption != nil)
        slice.shared?.end()
        ended?()
    }

    /// - Returns: the completion, for the last thread to leave work that has ended.
    private func leave(
        _ entry: Entry, _ slice: TimeSlice, _ time: Duration, _ completion: Completion?, isInterrupted: Bool
    ) -> Completion? {
        monitor.withLock { state in
            if let shared = slice.shared { state.slices.removeAll { $0 === shared } }
            let service = time * slice.members
            state.queue.charge(service, to: entry.client, at: .now)
            entry.service += service
            entry.running -= 1
            if entry.completion == nil {
                entry.completion = completion
                if isInterrupted { metrics.interrupted.increment() }
            }
            guard entry.running == 0 else { return nil }
            entry.isUrgent = !entry.work.takesPlace && entry.service < Self.urgentService
            state.waiting += 1
            if entry.isUrgent { state.urgent += 1 }
            if entry.completion != nil { remove(entry, from: &state) }
            publish(state)
            return entry.completion
        }
    }

    private func mayContinue(_ slice: TimeSlice, since start: ContinuousClock.Instant) -> Bool {
        if waiting.value.load(ordering: .relaxed) == 0 { return true }
        // The thread that helps here is wanted elsewhere.
        if let shared = slice.shared, shared.helperCount > 0 { return false }
        let isUrgent = urgent.value.load(ordering: .relaxed) > 0
        return ContinuousClock.now - start < (isUrgent ? Self.shortSlice : Self.longSlice)
    }

    /// What the thread does next, and what was interrupted meanwhile; nil at its end.
    private func nextAssignment() -> (interrupted: [Entry], Assignment)? {
        monitor.waitUntil { state in
            let now = ContinuousClock.now
            let interrupted = takeInterrupted(at: now, from: &state)
            defer { publish(state) }
            // Only where all places are taken does it matter who has how many.
            let places =
                state.placesTaken < configuration.batch
                ? nil : state.queue.counts { $0.hasBegun && $0.work.takesPlace }
            if let entry = state.queue.first(at: now, where: { isReady($0, places) }) {
                return .ready((interrupted, begin(entry, in: &state)))
            }
            if !interrupted.isEmpty { return .ready((interrupted, .complete)) }
            let open = state.slices.filter { $0.helperCount + 1 < SharedSlice.mostMembers }
            if let slice = open.min(by: { $0.helperCount < $1.helperCount }) {
                return .ready((interrupted, .help(slice, as: slice.enrol())))
            }
            // Work is stalled, or waits for a place.
            if state.waiting > 0 { return .waitAtMost(Self.stallCheck) }
            return state.isStopping && state.queue.count == 0 ? .ready(nil) : .wait
        }
    }

    private func begin(_ entry: Entry, in state: inout State) -> Assignment {
        let work = entry.work
        if entry.running == 0 {
            state.waiting -= 1
            if entry.isUrgent { state.urgent -= 1 }
        }
        entry.running += 1
        if !entry.hasBegun {
            entry.hasBegun = true
            state.unbegun -= 1
            if work.takesPlace { state.placesTaken += 1 }
            work.token.begin()
            metrics.waited(work.token.timing.queue)
        }
        if work.takesPlace { metrics.batchSize.record(state.placesTaken) }
        let shared = work.shared.map(SharedSlice.init)
        if let shared { state.slices.append(shared) }
        return .lead(entry, shared)
    }

    /// - Parameter places: how many each client holds; nil while places are left.
    private func isReady(_ entry: Entry, _ places: [String: [UInt64: Int]]?) -> Bool {
        guard entry.completion == nil, entry.running < entry.work.mostThreads else { return false }
        if !entry.hasBegun, entry.work.takesPlace, let places {
            // A client who holds none gets one beyond the batch, as long as another holds several.
            let own = places[entry.client.address]?[entry.client.connection] ?? 0
            guard own == 0, places.values.contains(where: { $0.values.contains { $0 > 1 } }) else { return false }
        }
        return !entry.work.isStalled
    }

    /// Takes out the waiting work whose deadline has passed, or that ends with the service.
    private func takeInterrupted(at now: ContinuousClock.Instant, from state: inout State) -> [Entry] {
        guard let deadline = state.nextDeadline, deadline <= now else { return [] }
        state.nextDeadline = nil
        var interrupted: [Entry] = []
        for entry in state.queue.items {
            let token = entry.work.token
            if entry.running == 0, entry.completion == nil, let interruption = token.interruption {
                interrupt(entry, interruption, in: &state)
                interrupted.append(entry)
            } else if let deadline = token.context.deadline {
                // A thread that is in work whose deadline has passed notices by itself.
                let later = max(deadline, now + Self.longSlice)
                state.nextDeadline = min(later, state.nextDeadline ?? later)
            }
        }
        return interrupted
    }
}
