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
/// only one thread at a time calls `make`.
public final class Storage: @unchecked Sendable {
    private static let hugePage = 1 << 21, cacheLine = 64
    private let chunk: Int
    private var mappings: [UnsafeMutableRawBufferPointer] = []
    /// What is left of the newest mapping.
    private var free = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    /// - Parameter chunk: bytes to take at once, at least.
    public init(chunk: Int = 1 << 18) { self.chunk = chunk }

    /// Bytes taken from the system so far.
    public var bytes: Int { mappings.reduce(0) { $0 + $1.count } }

    /// Room for `count` elements, all bits 0.
    ///
    /// - Throws: `OutOfMemory` where the system has none for it.
    public func make<Element: BitwiseCopyable>(
        _ type: Element.Type, count: Int
    ) throws(OutOfMemory) -> UnsafeMutablePointer<Element> {
        let size = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard count >= 0, !size.overflow, size.partialValue <= Self.most else { throw OutOfMemory(bytes: .max) }
        let bytes = Self.rounded(max(size.partialValue, 1), to: Self.cacheLine)
        if bytes > free.count { free = try mapping(of: bytes) }
        guard let start = free.baseAddress else { throw OutOfMemory(bytes: bytes) }
        free = UnsafeMutableRawBufferPointer(rebasing: free[bytes...])
        return start.bindMemory(to: Element.self, capacity: count)
    }

    /// Far more than any machine has, far less than would overflow.
    private static let most = 1 << 56

    /// Memory from the system for at least `bytes`.
    private func mapping(of bytes: Int) throws(OutOfMemory) -> UnsafeMutableRawBufferPointer {
        let page = Self.hugePage
        let isHuge = max(bytes, chunk) >= page
        let wanted = isHuge ? Self.rounded(max(bytes, chunk), to: page) : max(bytes, chunk)
        let size = isHuge ? wanted + page : wanted
        guard
            let start = mmap(
                nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else { throw OutOfMemory(bytes: size) }
        mappings.append(UnsafeMutableRawBufferPointer(start: start, count: size))
        guard isHuge else { return UnsafeMutableRawBufferPointer(start: start, count: wanted) }
        // A mapping begins at a small page; the huge one lies somewhere in its first 2 MiB.
        let offset = (page - Int(UInt(bitPattern: start) % UInt(page))) % page
        _ = madvise(start + offset, wanted, MADV_HUGEPAGE)
        return UnsafeMutableRawBufferPointer(start: start + offset, count: wanted)
    }

    private static func rounded(_ bytes: Int, to multiple: Int) -> Int {
        (bytes + multiple - 1) / multiple * multiple
    }

    deinit { for mapping in mappings { munmap(mapping.baseAddress, mapping.count) } }
}

/// The system has no more memory.
public struct OutOfMemory: Error, CustomStringConvertible {
    /// How much was asked for.
    public let bytes: Int

    public var description: String {
        bytes == .max ? "there is no memory for that many numbers" : "there is no memory for \(bytes) more bytes"
    }
}
