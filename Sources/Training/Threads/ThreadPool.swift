import LinearAlgebra
import Synchronization
import Threads

/// Threads that share out the items of a loop, whichever is free taking the next one.
///
/// Which thread works on an item, and when, must not matter to what comes out. The calling thread takes
/// part. Threads that have nothing to do wait as `Spinner` does, so a pool is for a program that has
/// little else to do.
public final class ThreadPool: Sendable {
    public let threads: Int
    private let loop = Loop()
    private let workers: [SystemThread]

    /// - Parameter threads: at least 1, the caller among them.
    /// - Throws: `ThreadError` where the system has no more threads.
    public init(threads: Int) throws(ThreadError) {
        precondition(threads >= 1)
        self.threads = threads
        var started: [SystemThread] = []
        do throws(ThreadError) {
            for index in 1..<threads {
                started.append(try SystemThread(name: "training \(index)") { [loop] in loop.work() })
            }
        } catch {
            loop.end(started)
            throw error
        }
        workers = started
    }

    deinit { loop.end(workers) }

    /// Calls `body` for 0 ..< count, each once, and returns when all calls have. One thread makes one loop at a
    /// time.
    ///
    /// - Parameter count: less than 2³¹.
    public func forEach(_ count: Int, _ body: (Int) -> Void) {
        guard threads > 1, count > 1 else {
            for item in 0..<max(count, 0) { body(item) }
            return
        }
        withoutActuallyEscaping(body) { loop.run(count, $0) }
    }

    /// `@unchecked Sendable`: `body` is written by the calling thread before it publishes the items, and read
    /// only by a thread that has taken one of them, whose end the caller waits for before it writes again.
    private final class Loop: @unchecked Sendable {
        /// The loop's items and how many of them have been taken, in one word: who exchanges it for the next
        /// one has an item of the loop that runs, whichever loop that is.
        private let ticket = PaddedAtomic()
        private let finished = PaddedAtomic()
        private let isOver = PaddedAtomic()
        private var body: (Int) -> Void = { _ in }

        func run(_ count: Int, _ body: @escaping (Int) -> Void) {
            precondition(count < 1 << 31)
            self.body = body
            finished.value.store(0, ordering: .relaxed)
            ticket.value.store(count << 32, ordering: .releasing)
            while let item = take() {
                body(item)
                finished.value.wrappingAdd(1, ordering: .acquiringAndReleasing)
            }
            var spinner = Spinner()
            while finished.value.load(ordering: .acquiring) != count { spinner.spin() }
            self.body = { _ in }
        }

        /// What a thread of the pool does until the end.
        func work() {
            var spinner = Spinner()
            while isOver.value.load(ordering: .acquiring) == 0 {
                if let item = take() {
                    body(item)
                    finished.value.wrappingAdd(1, ordering: .acquiringAndReleasing)
                    spinner = Spinner()
                } else {
                    spinner.spin()
                }
            }
        }

        func end(_ workers: [SystemThread]) {
            isOver.value.store(1, ordering: .releasing)
            for worker in workers { worker.join() }
        }

        private func take() -> Int? {
            var seen = ticket.value.load(ordering: .acquiring)
            while true {
                let taken = seen & 0xffff_ffff
                guard taken < seen >> 32 else { return nil }
                let (exchanged, original) = ticket.value.weakCompareExchange(
                    expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
                if exchanged { return taken }
                seen = original
            }
        }
    }
}
