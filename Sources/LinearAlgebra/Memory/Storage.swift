#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Memory handed out as plain pointers, zeroed and aligned to a cache line, that lives as long as
/// this object does. For structures of many arrays that threads share without counting references.
///
/// It is taken from the system in chunks. Large chunks ask for huge pages: sparse access to tens
/// of megabytes would otherwise spend much of its time on address translation.
///
/// `@unchecked Sendable`: it only owns the memory; whoever has a pointer answers for its use, and
/// whoever calls `make` has the object to himself meanwhile.
public final class Storage: @unchecked Sendable {
    private static let hugePage = 1 << 21
    private let chunk: Int
    private var mappings: [UnsafeMutableRawBufferPointer] = []
    private var next = UnsafeMutableRawPointer(bitPattern: 64)!
    private var room = 0

    /// - Parameter chunk: bytes to take at once, at least.
    public init(chunk: Int = 1 << 18) { self.chunk = chunk }

    public func make<Element: BitwiseCopyable>(
        _ type: Element.Type, count: Int
    ) -> UnsafeMutablePointer<Element> {
        let bytes = (max(count * MemoryLayout<Element>.stride, 1) + 63) / 64 * 64
        if bytes > room { grow(by: bytes) }
        let array = next.bindMemory(to: Element.self, capacity: count)
        next += bytes
        room -= bytes
        return array
    }

    private func grow(by bytes: Int) {
        let page = Self.hugePage
        let isHuge = max(bytes, chunk) >= page
        let wanted = isHuge ? (max(bytes, chunk) + page - 1) / page * page : max(bytes, chunk)
        let size = isHuge ? wanted + page : wanted
        guard let start = mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else { fatalError("no memory for \(size) bytes") }
        mappings.append(UnsafeMutableRawBufferPointer(start: start, count: size))
        next = isHuge ? start.alignedUp(toMultipleOf: page) : start
        room = wanted
        if isHuge { _ = madvise(next, wanted, MADV_HUGEPAGE) }
    }

    deinit { for mapping in mappings { munmap(mapping.baseAddress, mapping.count) } }
}

extension UnsafeMutableRawPointer {
    fileprivate func alignedUp(toMultipleOf alignment: Int) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: (UInt(bitPattern: self) + UInt(alignment) - 1) / UInt(alignment) * UInt(alignment))!
    }
}
