import CKernels
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Waits for another thread a little at a time: first on the processor, since the other one is
/// about to be through, then by giving the processor away, since it may not be running at all, and
/// at last by sleeping.
public struct Spinner {
    private var turns = 0

    public init() {}

    @inline(__always)
    public mutating func spin() {
        turns += 1
        if turns < 4000 {
            ck_relax()
        } else if turns < 4100 {
            sched_yield()
        } else {
            usleep(50)
        }
    }
}
