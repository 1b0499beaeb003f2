import Glibc

/// A file that could not be read or written, in one line.
package struct FileError: Error, CustomStringConvertible {
    package let description: String

    /// - Parameter code: errno
    package init(_ path: String, _ what: String, _ code: Int32) {
        description = "\(path): \(what): \(String(cString: strerror(code)))"
    }

    package init(_ path: String, _ problem: String) {
        description = "\(path): \(problem)"
    }
}
