import CKernels
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Waits for another thread, a little longer with each call: first in a loop on the processor, since
/// the other thread is usually about to finish, then by yielding the processor, since the other
/// thread may not be running at all, and at last by sleeping for 50 µs at a time.
public struct Spinner {
    private var calls = 0

    public init() {}

    @inline(__always)
    public mutating func spin() {
        calls &+= 1
        if calls < 4000 {
            ck_relax()
        } else if calls < 4100 {
            sched_yield()
        } else {
            usleep(50)
        }
    }
}
