#if canImport(Glibc)
import Glibc
#endif

/// A system call that failed.
public struct SystemError: Error, Sendable, CustomStringConvertible {
    /// What was being done, and to what.
    public let operation: String
    /// The value of `errno`.
    public let code: Int32

    init(_ operation: String, code: Int32 = errno) {
        self.operation = operation
        self.code = code
    }

    public var description: String {
        "\(operation): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
    }
}
