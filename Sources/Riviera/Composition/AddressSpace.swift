import Glibc
import Streams

/// The memory that a process may map, which a limit (`ulimit -v`) may make small.
enum AddressSpace {
    /// Makes sure that the weights of a file fit into memory, packed as they are evaluated, beside what
    /// the threads need: where an allocation fails later there is nothing to be done about it.
    ///
    /// - Throws: `FileError` where they do not.
    static func require(for weights: String) throws(FileError) {
        var status = stat()
        guard stat(weights, &status) == 0 else { throw FileError(weights, "cannot be opened", errno) }
        // The file is mapped, and packed in at most twice its own precision.
        let (needed, isTooMuch) = max(0, Int(status.st_size)).multipliedReportingOverflow(by: 3)
        let (bytes, isMuchTooMuch) = needed.addingReportingOverflow(64 << 20)
        guard !isTooMuch, !isMuchTooMuch, let start = mmap(
            nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), start != MAP_FAILED
        else {
            throw FileError(
                weights, "there is not enough memory to load it; raise the limit (ulimit -v), or use fewer threads")
        }
        munmap(start, bytes)
    }
}
