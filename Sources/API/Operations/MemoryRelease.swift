import CMalloc
import Synchronization

/// Gives memory back to the system after large exchanges: the allocator keeps what was freed in the midst of
/// its heaps, which after one large body may be hundreds of megabytes.
///
/// What is larger than ``large`` comes from the system and goes back there by itself. Left alone, the allocator takes ever
/// larger blocks from its heaps instead, where small ones that live longer keep the pages around them: under .ci/soak a server with
/// 19 MB in use then held 220 to 430 MB, and 150 MB, most of which it has from its start, since.
final class MemoryRelease: Sendable {
    private let isRunning = Atomic(false)
    /// Bytes of bodies and of reserved memory from which on an exchange is a large one.
    private static let large = 1 << 20

    init() {
        mallopt(M_MMAP_THRESHOLD, CInt(Self.large))
    }

    /// Returns at once; the work is done in a task, one at a time.
    func exchangeEnded(bytes: Int) {
        guard bytes >= Self.large, !isRunning.exchange(true, ordering: .relaxed) else { return }
        Task.detached(priority: .low) { [self] in
            // What the exchange held is freed when its task has ended, a moment later.
            try? await Task.sleep(for: .milliseconds(50))
            isRunning.store(false, ordering: .relaxed)
            malloc_trim(0)
        }
    }
}
