import Glibc

/// A regular file mapped into memory, read-only.
///
/// Opening costs no reading: pages come in as they are touched and belong to the system's cache, so
/// that several processes on one machine share one copy of a model.
///
/// The size is taken once, when the file is opened; every access is checked against it. A file that
/// another process *shortens* while it is mapped takes its pages away, and touching them ends this
/// process (SIGBUS): replace a model by renaming a new file over the old one, never by writing into it.
public final class MappedFile: Sendable {
    /// The path, as it was given.
    public let path: String
    /// Bytes in the file.
    public let size: Int

    // Safe to share between threads: the mapping is PROT_READ, so nobody in this process can write
    // to it; the pointer is set once, in `init`, and the mapping lives exactly as long as `self`.
    private nonisolated(unsafe) let base: UnsafeRawPointer?

    /// Maps the file at `path`. Anything but a regular file (a directory, a pipe, a device) is refused.
    public init(_ path: String) throws(CheckpointError) {
        self.path = path
        // O_NONBLOCK: to open a pipe that nobody writes to must not wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(path, "cannot be opened", errno) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(path, "cannot be examined", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError(file: path, reason: "is not a regular file")
        }
        size = Int(status.st_size)
        guard size > 0 else {  // mmap refuses a length of zero
            base = nil
            return
        }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw .system(path, "cannot be mapped into memory", errno)
        }
        base = UnsafeRawPointer(address)
    }

    deinit {
        if let base { munmap(UnsafeMutableRawPointer(mutating: base), size) }
    }

    /// The whole file.
    public var bytes: MappedBytes { MappedBytes(file: self, offset: 0, count: size) }

    /// Gives the pages of this process's view back to the system. They come in again when touched;
    /// call it once the weights have been packed elsewhere, so that they do not count twice.
    public func releasePages() {
        if let base { madvise(UnsafeMutableRawPointer(mutating: base), size, Int32(MADV_DONTNEED)) }
    }

    /// One byte, which must be in the file.
    func byte(at index: Int) -> UInt8 {
        guard let base, index >= 0, index < size else { preconditionFailure("the byte is in the file") }
        return base.load(fromByteOffset: index, as: UInt8.self)
    }

    /// All bytes; `MappedBytes` hands out checked parts of them.
    func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = try body(UnsafeRawBufferPointer(start: base, count: size))
        extendLifetime(self)
        return result
    }
}

extension CheckpointError {
    /// A system call that failed with `code` (errno).
    static func system(_ path: String, _ what: String, _ code: Int32) -> CheckpointError {
        CheckpointError(file: path, reason: "\(what): \(String(cString: strerror(code)))")
    }
}
