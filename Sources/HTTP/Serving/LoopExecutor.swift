import CEpoll
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Runs an event loop's jobs on the event loop's thread, between two waits for sockets.
///
/// A task that has something for the loop awaits one of its methods, like any actor's;
/// the job comes in here, and a write to an eventfd ends the wait. Brief tasks run here altogether.
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
    private let thread = Atomic<UInt>(0)

    init() throws(SystemError) {
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if wakeup < 0 { throw SystemError("creating an eventfd") }
    }

    deinit {
        _ = close(wakeup)
    }

    /// Makes the calling thread the loop's, until ``retireThread()``.
    func adoptThread() {
        thread.store(UInt(pthread_self()), ordering: .releasing)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let (needsSignal, needsThread) = inbox.withLock { inbox in
            inbox.jobs.append(job)
            defer { (inbox.wasSignalled, inbox.isRetired) = (true, false) }
            return (!inbox.wasSignalled, inbox.isRetired)
        }
        if needsThread {
            startLateThread()
        } else if needsSignal {
            _ = eventfd_write(wakeup, 1)
        }
    }

    /// Runs what has come in. On the loop's thread only.
    func runJobs() {
        let jobs = inbox.withLock { inbox in
            inbox.wasSignalled = false
            defer { inbox.jobs = [] }
            return inbox.jobs
        }
        for job in jobs {
            job.runSynchronously(
                isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    /// Runs what is left; from then on the calling thread is the loop's no more.
    func retireThread() {
        repeat { runJobs() } while !inbox.withLock { inbox in
            inbox.isRetired = inbox.jobs.isEmpty
            return inbox.isRetired
        }
    }

    /// For who comes when the loop has ended: tasks that nobody runs would wait for ever.
    private func startLateThread() {
        do {
            try Thread.start { [self] in
                adoptThread()
                retireThread()
            }
        } catch {
            preconditionFailure("no thread to end the event loop's tasks with: \(error)")
        }
    }

    func isIsolatingCurrentContext() -> Bool? {
        thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on the event loop's thread")
    }
}
