import Glibc

/// A file that appears whole or not at all: it is written beside its destination under another name,
/// forced to the disk, and renamed over it by `commit`. Dropped before that, it leaves nothing.
struct AtomicFile: ~Copyable {
    /// The destination, symbolic links resolved.
    let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isCommitted = false

    /// Starts writing. If something exists at `path`, it must be a regular file.
    init(_ path: String) throws(CheckpointError) {
        var destination = path
        if let resolved = realpath(path, nil) {
            destination = String(cString: resolved)
            free(resolved)
            var status = stat()
            guard stat(destination, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw CheckpointError(
                    file: path, reason: "cannot be written: it exists and is not a regular file")
            }
        }
        // O_EXCL makes the name ours even if the generator repeated itself.
        let name = "\(destination).\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).partial"
        let opened = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw .system(path, "cannot be written", errno) }
        self.path = destination
        temporary = name
        descriptor = opened
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporary) }
    }

    /// Appends the elements as they lie in memory.
    func write<Element: BitwiseCopyable>(_ elements: [Element]) throws(CheckpointError) {
        try elements.withUnsafeBufferPointer { (buffer) throws(CheckpointError) in
            try write(UnsafeRawBufferPointer(buffer))
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        var rest = bytes
        while let address = rest.baseAddress, rest.count > 0 {
            let written = Glibc.write(descriptor, address, rest.count)
            if written >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } else if errno != EINTR {
                throw .system(path, "cannot be written", errno)
            }
        }
    }

    /// Puts the file in its place. The directory is synchronized too, so that the name survives a
    /// power cut once this returns; file systems without directory synchronization are let be.
    consuming func commit() throws(CheckpointError) {
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw .system(path, "cannot be written", errno)
        }
        isCommitted = true
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let opened = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if opened >= 0 {
            fsync(opened)
            close(opened)
        }
    }
}
