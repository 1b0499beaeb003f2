import Synchronization

/// Runs a task's pieces on whichever thread calls `drain`, one after the other: an algorithm is written as a function
/// that awaits evaluations, and advances when they are there, with no thread of its own.
final class StepExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs what there is to run; returns when the task awaits something that is not there, or has ended.
    func drain() {
        while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
