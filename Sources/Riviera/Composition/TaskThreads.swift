import Threads

/// The threads that Swift's tasks run on.
enum TaskThreads {
    /// Makes sure that the system would give the program these threads and `others` besides, by
    /// starting as many at once.
    ///
    /// Swift's runtime starts its threads when it needs them and, where there is none to be had, waits
    /// for one without end and without a word.
    ///
    /// - Throws: `ThreadError` where there are too few.
    static func require(besides others: Int = 0) throws(ThreadError) {
        let isOver = Monitor(false)
        var threads: [SystemThread] = []
        defer {
            isOver.withLock { $0 = true }
            isOver.wakeAll()
            for thread in threads { thread.join() }
        }
        for _ in 0..<ProcessorCount.available() + others {
            threads.append(try SystemThread(name: "riviera") {
                isOver.waitUntil { $0 ? .ready(()) : .wait }
            })
        }
    }
}
