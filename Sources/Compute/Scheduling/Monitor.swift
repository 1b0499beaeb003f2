#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// State behind a lock that threads can wait on: a mutex with one condition variable.
///
/// `@unchecked Sendable`: `state` is reached only between lock and unlock, through the inout
/// argument of `withLock`.
final class Monitor<State>: @unchecked Sendable {
    private var state: State
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ state: sending State) {
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

    func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Runs `body` under the lock until it returns a value, sleeping in between until somebody
    /// calls `wakeAll` (or, where `body` asks for it, a few milliseconds have passed).
    func waitUntil<Result>(_ body: (inout State) -> Wait<Result>) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch body(&state) {
            case .ready(let result): return result
            case .asleep: pthread_cond_wait(condition, mutex)
            case .nap:
                var time = timespec()
                clock_gettime(CLOCK_MONOTONIC, &time)
                time.tv_nsec += 2_000_000
                if time.tv_nsec >= 1_000_000_000 {
                    time.tv_nsec -= 1_000_000_000
                    time.tv_sec += 1
                }
                pthread_cond_timedwait(condition, mutex, &time)
            }
        }
    }

    /// Enough where whoever wakes can do what there is to do.
    func wakeOne() { pthread_cond_signal(condition) }
    func wakeAll() { pthread_cond_broadcast(condition) }
}

/// What a waiting thread finds.
enum Wait<Result> {
    case ready(Result)
    /// Nothing yet: sleep until woken.
    case asleep
    /// Nothing yet, but look again soon.
    case nap
}
