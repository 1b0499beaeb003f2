import CEpoll
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Runs an event loop's jobs on the event loop's thread, between two waits for sockets.
///
/// A task that has something for the loop awaits one of its methods, like any actor's;
/// the job comes in here, and a write to an eventfd ends the wait.
final class LoopExecutor: SerialExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var wasSignalled = false
    }

    /// An eventfd written to when jobs come in. Wait for it edge-triggered: it is never read.
    let wakeup: Int32
    private let inbox = Mutex(Inbox())
    private let thread = Atomic<UInt>(0)

    init() throws(SystemError) {
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if wakeup < 0 { throw SystemError("creating an eventfd") }
    }

    deinit {
        _ = close(wakeup)
    }

    /// Makes the calling thread the loop's.
    func adoptThread() {
        thread.store(UInt(pthread_self()), ordering: .releasing)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let needsSignal = inbox.withLock { inbox in
            inbox.jobs.append(job)
            defer { inbox.wasSignalled = true }
            return !inbox.wasSignalled
        }
        if needsSignal { _ = eventfd_write(wakeup, 1) }
    }

    /// Runs what has come in. On the loop's thread only.
    func runJobs() {
        let jobs = inbox.withLock { inbox in
            inbox.wasSignalled = false
            defer { inbox.jobs = [] }
            return inbox.jobs
        }
        for job in jobs {
            job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    func isIsolatingCurrentContext() -> Bool? {
        thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on the event loop's thread")
    }
}
