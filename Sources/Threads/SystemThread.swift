import CThreads

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A thread of the operating system, outside Swift's cooperative pool: for work that blocks or that
/// keeps a processor busy for long.
public struct SystemThread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body`. It has to be joined or detached, once.
    ///
    /// - Parameter name: shown by `ps -L` and `top -H`, of which Linux keeps the first 15 bytes.
    public init(name: String, _ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                pthread_setname_np(pthread_self(), String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
                start.body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            throw ThreadError(name: name, code: status)
        }
        handle = thread
    }

    /// Starts a thread for whose end nobody waits.
    public static func detach(name: String, _ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        try SystemThread(name: name, body).detach()
    }

    /// Lets the thread end without anybody who waits for it.
    public func detach() { pthread_detach(handle) }

    /// Waits until the thread has ended.
    public func join() { pthread_join(handle, nil) }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
