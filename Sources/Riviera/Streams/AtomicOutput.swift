import Glibc

/// Files that are there as a whole or not at all.
enum AtomicOutput {
    /// Replaces the file at `path`, or writes into what stands there if it is no regular file (a pipe).
    ///
    /// - Throws: `FileError`.
    static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let target = isSpecial ? path : "\(path).partial-\(getpid())"
        let flags = O_WRONLY | O_CLOEXEC | (isSpecial ? 0 : O_CREAT | O_EXCL)
        let descriptor = open(target, flags, 0o666)
        guard descriptor >= 0 else { throw FileError(path, "cannot be written", errno) }
        let isWritten = writeAll(bytes, to: descriptor)
        let code = errno
        close(descriptor)
        if isSpecial && isWritten { return }
        if isWritten && rename(target, path) == 0 { return }
        let failure = FileError(path, "cannot be written", isWritten ? errno : code)
        if !isSpecial { unlink(target) }
        throw failure
    }
}
