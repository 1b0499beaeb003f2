#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Memory aligned to a cache line, zeroed, of fixed size, that frees itself.
///
/// Large ones ask for huge pages: sparse access to tens of megabytes would otherwise spend much
/// of its time on address translation.
public struct AlignedBuffer<Element: BitwiseCopyable>: ~Copyable {
    public let pointer: UnsafeMutablePointer<Element>
    public let count: Int

    public init(count: Int) {
        precondition(count >= 0)
        let bytes = max(count * MemoryLayout<Element>.stride, 1)
        let isLarge = bytes >= 1 << 21
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: bytes, alignment: isLarge ? 1 << 21 : 64)
        if isLarge { _ = madvise(raw, bytes, MADV_HUGEPAGE) }
        memset(raw, 0, bytes)
        pointer = raw.bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    public var mutable: UnsafeMutableBufferPointer<Element> {
        UnsafeMutableBufferPointer(start: pointer, count: count)
    }
}
