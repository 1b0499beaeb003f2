#if canImport(Glibc)
import Glibc
#endif

/// A lock that a thread holds from one call to a later one, where `Mutex` wants a closure.
///
/// `@unchecked Sendable`: all it has is a POSIX mutex, which is made for many threads.
final class ThreadLock: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() { pthread_mutex_init(mutex, nil) }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func tryLock() -> Bool { pthread_mutex_trylock(mutex) == 0 }

    /// By the thread that holds it.
    func unlock() { pthread_mutex_unlock(mutex) }
}
