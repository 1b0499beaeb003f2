#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The system has no thread to give: a limit on processes, memory or address space is used up.
public struct ThreadError: Error, Sendable, CustomStringConvertible {
    /// The name that the thread was to have.
    public let name: String
    /// What `pthread_create` returned, a value of `errno`.
    public let code: Int32

    public init(name: String, code: Int32) {
        self.name = name
        self.code = code
    }

    public var description: String {
        let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return "cannot start the thread “\(name)”: \(reason); "
            + "raise the limits on processes and memory (ulimit -u, ulimit -v), or use fewer threads"
    }
}
