import Compute
import Synchronization
import Testing
import Threads

/// Work whose steps a test decides on.
final class ProbeWork: Work {
    let token: CancellationToken
    let mostThreads: Int
    let takesPlace: Bool
    let shared: (any SharedWork)?
    private let stalled = Atomic(false)
    private let log: EventLog
    private let name: String
    private let body: @Sendable () -> Bool

    /// - Parameter body: a step; true when the work is done.
    init(
        _ name: String, _ log: EventLog, in context: WorkContext = .unlimited, threads: Int = 1,
        takesPlace: Bool = false, body: @escaping @Sendable () -> Bool = { true }
    ) {
        self.name = name
        self.log = log
        self.body = body
        self.takesPlace = takesPlace
        mostThreads = threads
        shared = nil
        token = CancellationToken(context)
    }

    var isStalled: Bool {
        get { stalled.load(ordering: .relaxed) }
        set { stalled.store(newValue, ordering: .relaxed) }
    }

    var partial: (any Sendable)? { name }

    func step(_ slice: TimeSlice) -> StepResult {
        log.append("step \(name)")
        guard body() else { return .unfinished }
        return .finished { [log, name] in log.append("done \(name)") }
    }

    func fail(_ error: any Error) {
        switch error {
        case is CancellationError: log.append("cancelled \(name)")
        case ComputeError.queueFull: log.append("refused \(name)")
        case ComputeError.interrupted(let work): log.append("\(work.reason) \(work.partial ?? "-")")
        default: log.append("\(error) \(name)")
        }
    }
}

/// What has happened, in order, and a way to wait for it.
final class EventLog: Sendable {
    private let monitor = Monitor([String]())

    func append(_ event: String) {
        monitor.withLock { $0.append(event) }
        monitor.wakeAll()
    }

    /// A copy, so that a thread that appends meanwhile never writes to what is read here.
    var events: [String] { monitor.withLock { $0.map { $0 } } }

    /// Waits until something has happened so many times.
    func wait(for event: String, times: Int = 1) {
        monitor.waitUntil { events in events.count { $0 == event } >= times ? .ready(()) : .wait }
    }
}

/// A door that a step waits at until the test opens it.
final class Gate: Sendable {
    private let monitor = Monitor(false)

    func open() {
        monitor.withLock { $0 = true }
        monitor.wakeAll()
    }

    var isOpen: Bool { monitor.withLock { $0 } }

    func pass() { monitor.waitUntil { $0 ? .ready(()) : .wait } }
}

/// A scheduler with threads.
final class TestScheduler: Sendable {
    let scheduler: Scheduler
    private let threads: [SystemThread]

    init(threads: Int, batch: Int = 64, queue: Int = 256) throws {
        let scheduler = Scheduler(ComputeConfiguration(threads: threads, batch: batch, queue: queue))
        self.scheduler = scheduler
        self.threads = try (0..<threads).map { index in
            try SystemThread(name: "test-\(index)") { scheduler.work() }
        }
    }

    func enqueue(_ work: ProbeWork) {
        do {
            try scheduler.enqueue(work)
        } catch {
            work.fail(error)
        }
    }

    /// Returns when all work has ended.
    func finish() {
        scheduler.stop()
        for thread in threads { thread.join() }
    }
}
