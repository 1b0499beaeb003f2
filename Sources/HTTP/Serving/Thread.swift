#if canImport(Glibc)
import Glibc
#endif

/// A thread of the system's, for work that blocks: never one that tasks run on.
enum Thread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts a detached thread.
    static func start(_ run: @escaping @Sendable () -> Void) throws(SystemError) {
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { argument in
            if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }, body.toOpaque())
        guard status == 0 else {
            body.release()
            throw SystemError("starting a thread", code: status)
        }
        pthread_detach(thread)
    }
}
