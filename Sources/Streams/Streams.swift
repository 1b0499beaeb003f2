import Glibc

/// Writes all bytes; false, with the reason in `errno`, where nobody takes them.
@discardableResult
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
            let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written == 0 || (errno != EINTR && errno != EAGAIN) {
                return false
            }
        }
        return true
    }
}

/// Everything that comes in on a descriptor, until its end.
///
/// - Throws: `FileError` where reading fails.
package func readAll(from descriptor: Int32, name: String) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            bytes.append(contentsOf: chunk[..<count])
        } else if count == 0 {
            return bytes
        } else if errno != EINTR {
            throw FileError(name, "cannot be read", errno)
        }
    }
}

/// Makes or replaces the file at `path`; writes into what stands there if it is a pipe.
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
