#if canImport(Glibc)
import Glibc
#endif

/// A system call that failed.
public struct SystemError: Error, Sendable, CustomStringConvertible {
    /// What was being done, and to what.
    public let operation: String
    /// The value of `errno`.
    public let code: Int32
    private let reason: String?

    init(_ operation: String, code: Int32 = errno) {
        self.operation = operation
        self.code = code
        reason = nil
    }

    /// A failure that has a reason of its own beside the value of `errno`.
    init(_ operation: String, code: Int32, reason: String) {
        self.operation = operation
        self.code = code
        self.reason = reason
    }

    public var description: String {
        "\(operation): \(reason ?? strerror(code).map { String(cString: $0) } ?? "error \(code)")"
    }
}
