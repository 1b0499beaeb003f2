#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A thread of the operating system, outside Swift's cooperative pool, so that it may be kept
/// busy for as long as the work takes.
package struct ComputeThread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body`.
    package init(_ body: @escaping @Sendable () -> Void) {
        guard let thread = ComputeThread(ifPossible: body) else {
            preconditionFailure("no thread can be started: \(String(cString: strerror(errno)))")
        }
        self = thread
    }

    /// - Returns: nil, with the reason in `errno`, where the system has no thread left.
    init?(ifPossible body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Body(run: body))
        let status = pthread_create(&thread, nil, { argument in
            Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
            return nil
        }, box.toOpaque())
        guard status == 0 else {
            box.release()
            errno = status
            return nil
        }
        handle = thread
    }

    /// Waits for the thread's end.
    package func join() { pthread_join(handle, nil) }

    /// Nobody will wait for it.
    func detach() { pthread_detach(handle) }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
