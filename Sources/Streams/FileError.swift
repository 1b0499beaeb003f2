import Glibc

/// A file, program or address that could not be used as intended, in one line.
package struct FileError: Error, CustomStringConvertible {
    /// `name: what is wrong: the system's reason`
    package let description: String

    /// - Parameter code: a value of `errno`
    package init(_ name: String, _ problem: String, _ code: Int32) {
        description = "\(name): \(problem): \(String(cString: strerror(code)))"
    }

    package init(_ name: String, _ problem: String) {
        description = "\(name): \(problem)"
    }
}
