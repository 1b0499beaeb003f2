import Glibc

/// Writes all bytes; false, with the reason in `errno`, where they are not taken.
///
/// - Parameter patience: how long to wait, each time, for a reader of a pipe that is full, in place of
///   for ever; then `errno` is `EAGAIN`.
@discardableResult
package func writeAll(_ bytes: [UInt8], to descriptor: Int32, patience: Duration? = nil) -> Bool {
    bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
            var length = rest.count
            if let patience {
                guard isWritable(descriptor, within: patience) else { return false }
                // A pipe that takes anything takes as much as this at once.
                length = min(length, Int(PIPE_BUF))
            }
            let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, length)
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written < 0 && errno == EAGAIN {
                guard isWritable(descriptor, within: patience) else { return false }
            } else if written == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }
}

/// Waits until a descriptor takes bytes, or will never; false, with `EAGAIN`, after the time.
private func isWritable(_ descriptor: Int32, within patience: Duration?) -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let milliseconds = patience.map { Int32(clamping: Int(clamping: $0.components.seconds) * 1000) } ?? -1
    while true {
        let status = poll(&wanted, 1, milliseconds)
        if status > 0 { return true }
        if status == 0 { errno = EAGAIN }
        if status == 0 || errno != EINTR { return false }
    }
}

/// Occupies the numbers of standard input, output and error where the program was started without
/// them, so that no file or socket gets one of them and is taken for it. Writing there fails.
package func occupyStandardStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
        // The lowest number that is free.
        _ = open("/dev/null", O_RDONLY)
    }
}

/// What the program has to say, in a line of its own on standard error. Given up after a second
/// where standard error is a full pipe.
package func complain(_ text: String) {
    writeAll(Array("riviera: \(text)\n".utf8), to: STDERR_FILENO, patience: .seconds(1))
}

/// Writes to standard output.
///
/// - Throws: `FileError` where that is a full disk, a closed pipe, or closed.
package func writeOutput(_ bytes: [UInt8]) throws(FileError) {
    guard writeAll(bytes, to: STDOUT_FILENO) else {
        throw FileError("standard output", "cannot be written", errno)
    }
}

/// Writes a text to standard output.
package func writeOutput(_ text: String) throws(FileError) { try writeOutput(Array(text.utf8)) }

/// Everything that comes in on a descriptor, until its end.
///
/// - Parameter limit: bytes; more are an error.
/// - Throws: `FileError` where reading fails.
package func readAll(
    from descriptor: Int32, name: String, atMost limit: Int = .max
) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            guard count <= limit - bytes.count else { throw FileError(name, "is longer than \(limit) bytes") }
            bytes.append(contentsOf: chunk[..<count])
        } else if count == 0 {
            return bytes
        } else if errno != EINTR {
            throw FileError(name, "cannot be read", errno)
        }
    }
}

/// The bytes of a file, or of whatever else has a path.
///
/// - Parameter limit: bytes; more are an error.
/// - Throws: `FileError` where it cannot be opened or read.
package func readFile(_ path: String, atMost limit: Int = .max) throws(FileError) -> [UInt8] {
    guard !path.isEmpty else { throw FileError("“”", "is no path") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, "cannot be opened", errno) }
    defer { close(descriptor) }
    return try readAll(from: descriptor, name: path, atMost: limit)
}

/// Makes or replaces the file at `path`; writes into what is there if it is a pipe or a device.
///
/// - Throws: `FileError`.
package func writeFile(_ bytes: [UInt8], _ path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path, "cannot be written", errno) }
    let isWritten = writeAll(bytes, to: descriptor)
    let code = errno
    guard close(descriptor) == 0, isWritten else {
        throw FileError(path, "cannot be written", isWritten ? errno : code)
    }
}
