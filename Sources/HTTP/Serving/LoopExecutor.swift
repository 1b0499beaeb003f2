import CEpoll
import Synchronization
import Threads

#if canImport(Glibc)
import Glibc
#endif

/// Runs an event loop's jobs, one at a time: on the loop's thread between two waits for sockets, or,
/// while that thread waits, on another one in its place.
///
/// A task that has something for the loop awaits one of its methods, like any actor's; the job comes
/// in here. Brief tasks run here altogether. A thread that runs no task, such as a compute thread that
/// delivers a result, runs the job itself, which saves the reply a change of threads. For jobs from
/// other threads a write to an eventfd ends the loop thread's wait.
final class LoopExecutor: SerialExecutor, TaskExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var wasSignalled = false
        /// No thread looks in here any more.
        var isRetired = false
    }

    /// An eventfd written to when jobs come in. Wait for it edge-triggered: it is never read.
    let wakeup: Int32
    private let inbox = Mutex(Inbox())
    /// Held by the thread that runs the loop's jobs.
    private let ownership = ThreadLock()
    /// That thread; 0 where there is none.
    private let thread = Atomic<UInt>(0)

    /// Jobs that enqueue jobs are followed for so many rounds before sockets are looked at again.
    private static let rounds = 8

    init() throws(SystemError) {
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if wakeup < 0 { throw SystemError("creating an eventfd") }
    }

    deinit {
        _ = close(wakeup)
    }

    /// Makes the calling thread the loop's, until ``give()``; waits while another one is.
    func take() {
        ownership.lock()
        thread.store(Self.current, ordering: .releasing)
    }

    func give() {
        thread.store(0, ordering: .releasing)
        ownership.unlock()
    }

    /// Ends the loop thread's wait, or its next.
    func signal() { _ = eventfd_write(wakeup, 1) }

    /// Whether jobs have come in that nobody has run.
    var hasJobs: Bool { inbox.withLock { !$0.jobs.isEmpty } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isRetired = inbox.withLock { inbox in
            inbox.jobs.append(job)
            defer { inbox.isRetired = false }
            return inbox.isRetired
        }
        if isRetired { return runLateJobs() }
        // The thread that runs the loop's jobs looks again before it stops.
        if isIsolatingCurrentContext() == true { return }
        if withUnsafeCurrentTask(body: { $0 == nil }) && runJobsInPlace() { return }
        let needsSignal = inbox.withLock { inbox in
            defer { inbox.wasSignalled = true }
            return !inbox.wasSignalled
        }
        if needsSignal { signal() }
    }

    /// Runs the jobs in the place of the loop's thread, if that waits.
    ///
    /// - Returns: false where it does not.
    private func runJobsInPlace() -> Bool {
        guard ownership.tryLock() else { return false }
        thread.store(Self.current, ordering: .releasing)
        runJobs()
        let hasMore = hasJobs
        give()
        if hasMore { signal() }
        return true
    }

    /// Runs what has come in. Only between ``take()`` and ``give()``.
    func runJobs() {
        for _ in 0..<Self.rounds {
            let jobs = inbox.withLock { inbox in
                inbox.wasSignalled = false
                defer { inbox.jobs = [] }
                return inbox.jobs
            }
            if jobs.isEmpty { return }
            for job in jobs {
                job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
        }
    }

    /// Runs what is left and gives the loop up for good.
    func retire() {
        repeat { runJobs() } while !inbox.withLock { inbox in
            inbox.isRetired = inbox.jobs.isEmpty
            return inbox.isRetired
        }
        give()
    }

    /// Runs jobs that come in after the loop has ended: their tasks would else wait for ever.
    private func runLateJobs() {
        let run: @Sendable () -> Void = { [self] in
            take()
            retire()
        }
        do {
            try SystemThread.detach(name: "http-late", run)
        } catch {
            // Without a thread to be had, on the one that brought the job.
            run()
        }
    }

    /// Never inlined: the compiler takes what `pthread_self` returns for a constant of the function that calls
    /// it, and in an asynchronous function moves it to before an `await`, after which another thread may be
    /// running. This function has the load of the atomic to keep it where it is called.
    @inline(never)
    func isIsolatingCurrentContext() -> Bool? {
        thread.load(ordering: .acquiring) == Self.current
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on the event loop's thread")
    }

    private static var current: UInt { UInt(pthread_self()) }
}
