#if canImport(Glibc)
import Glibc
#endif

/// Runs `body` once for each index, each on a thread of its own, all at the same time; returns when
/// all have ended. Pools do not promise that: on few cores they run some after others.
public func runTogether(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    final class Start: Sendable {
        let index: Int
        let body: @Sendable (Int) -> Void
        init(_ index: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.index = index
            self.body = body
        }
    }
    let threads = (0..<count).map { index in
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { argument in
            let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
            start.body(start.index)
            return nil
        }, Unmanaged.passRetained(Start(index, body)).toOpaque())
        precondition(status == 0, "no thread can be started")
        return thread
    }
    for thread in threads { pthread_join(thread, nil) }
}
