import Glibc

/// The content of a file of keys, certificates or tokens, overwritten in memory when it is no longer needed.
///
/// Reading it waits for nobody: a pipe would be waited for, and so is refused like all that is not a regular file.
package final class SecretFile {
    package let path: String
    /// Its permissions, such as 0o600.
    package let mode: mode_t
    private var content: [UInt8]

    /// - Parameter limit: bytes, below which any such file stays
    /// - Throws: `FileError` where it cannot be read, is not a regular file, or is longer.
    package init(_ path: String, atMost limit: Int) throws(FileError) {
        guard !path.isEmpty else { throw FileError("“”", "is no path") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(path, "cannot be opened", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(path, "cannot be read", errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(path, "is a directory, not a file") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path, "is not a regular file") }
        guard status.st_size <= limit else { throw FileError(path, "is longer than \(limit) bytes") }
        self.path = path
        mode = status.st_mode & 0o7777
        content = []
        // An array that grows leaves copies behind.
        content.reserveCapacity(Int(status.st_size) + Self.chunk)
        while true {
            let count = withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 1) { chunk in
                let count = read(descriptor, chunk.baseAddress, chunk.count)
                content.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk.prefix(max(0, count))))
                Self.clear(chunk)
                return count
            }
            if count == 0 { break }
            guard count > 0 || errno == EINTR else { throw FileError(path, "cannot be read", errno) }
            guard content.count <= limit else { throw FileError(path, "is longer than \(limit) bytes") }
        }
    }

    private static let chunk = 4096

    deinit {
        content.withUnsafeMutableBytes { Self.clear($0) }
    }

    /// A store that the compiler does not leave out.
    private static func clear(_ bytes: UnsafeMutableRawBufferPointer) {
        if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
    }

    /// Its bytes, without the mark that some editors put before a text in UTF-8.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        content.withUnsafeBytes { bytes in
            let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
            return body(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(hasMark ? 3 : 0)))
        }
    }

    /// What an operator should know of a file that only the server is meant to read; nil where nothing.
    package var warning: String? {
        guard mode & 0o006 != 0 else { return nil }
        let octal = String(mode & 0o777, radix: 8)
        return "\(path): every user of this machine may read or change it (mode \(octal)): chmod 600 \(path)"
    }
}
