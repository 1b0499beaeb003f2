import Glibc

/// Threads of the operating system that run the same code, each with a number of its own.
struct Threads {
    private final class Start: Sendable {
        let index: Int
        let body: @Sendable (Int) -> Void

        init(_ index: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.index = index
            self.body = body
        }
    }

    private let handles: [pthread_t]

    /// Starts `count` threads.
    init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        handles = (0..<count).map { index in
            var thread = pthread_t()
            let status = pthread_create(&thread, nil, { argument in
                let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                start.body(start.index)
                return nil
            }, Unmanaged.passRetained(Start(index, body)).toOpaque())
            precondition(status == 0, "no thread can be started")
            return thread
        }
    }

    /// Returns when all have ended. To be called once.
    func join() { for thread in handles { pthread_join(thread, nil) } }
}
