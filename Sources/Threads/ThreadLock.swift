#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A lock that a thread takes in one call and releases in another, where `Mutex` wants a closure.
///
/// `@unchecked Sendable`: all it has is a POSIX mutex, which is made for use by many threads.
public final class ThreadLock: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    public init() { pthread_mutex_init(mutex, nil) }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    public func lock() { pthread_mutex_lock(mutex) }
    /// Takes the lock unless a thread holds it. Returns whether it did.
    public func tryLock() -> Bool { pthread_mutex_trylock(mutex) == 0 }
    /// Releases the lock. Only the thread that holds it may call this.
    public func unlock() { pthread_mutex_unlock(mutex) }
}
