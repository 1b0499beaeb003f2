#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// State behind a lock that threads can wait on: a mutex with one condition variable.
///
/// `@unchecked Sendable`: `state` is reached only while the mutex is held, through the inout argument
/// of `withLock` and `waitUntil`.
public final class Monitor<State>: @unchecked Sendable {
    private var state: State
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init(_ state: sending State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Calls `body` under the lock until it returns a value. In between the thread waits, without the
    /// lock, until it is woken or the time that `body` named has passed.
    public func waitUntil<Result>(_ body: (inout State) -> Wait<Result>) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch body(&state) {
            case .ready(let result): return result
            case .wait: pthread_cond_wait(condition, mutex)
            case .waitAtMost(let duration):
                var time = timespec()
                clock_gettime(CLOCK_MONOTONIC, &time)
                let (seconds, attoseconds) = min(max(duration, .zero), .seconds(3600)).components
                time.tv_sec += Int(seconds)
                time.tv_nsec += Int(attoseconds / 1_000_000_000)
                if time.tv_nsec >= 1_000_000_000 {
                    time.tv_nsec -= 1_000_000_000
                    time.tv_sec += 1
                }
                pthread_cond_timedwait(condition, mutex, &time)
            }
        }
    }

    /// Wakes one waiting thread: enough where any of them can do what there is to do.
    public func wakeOne() { pthread_cond_signal(condition) }
    /// Wakes all waiting threads.
    public func wakeAll() { pthread_cond_broadcast(condition) }
}

/// What a thread finds when it looks at a monitor's state.
public enum Wait<Result> {
    /// What it waited for.
    case ready(Result)
    /// Nothing yet: look again when woken.
    case wait
    /// Nothing yet: look again when woken, and after this time at the latest; an hour at most.
    case waitAtMost(Duration)
}
