import Glibc
import Streams
import Threads

/// Writes lines to standard error on a thread of its own, so that nobody who logs waits for whoever
/// reads them: a full pipe, a slow terminal, a disk.
///
/// What waits to be written is bounded. Lines beyond that, and lines that nobody takes because the
/// pipe is closed, are dropped and counted; a line says how many as soon as one can be written again.
package final class LogWriter: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        /// Lines among the waiting bytes.
        var lines = 0
        /// Lines dropped since the last that said so.
        var dropped = 0
        var isWriting = false
    }

    private let state = Monitor(State())
    private let capacity: Int
    private let countDropped: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - capacity: bytes that may wait to be written.
    ///   - countDropped: called with each number of lines that are dropped.
    ///   - report: the line that says how many were dropped.
    /// - Throws: `ThreadError` where the system has no thread for it.
    package init(
        to descriptor: Int32 = STDERR_FILENO, capacity: Int = 1 << 20,
        countDropped: @escaping @Sendable (Int) -> Void, report: @escaping @Sendable (Int) -> [UInt8]
    ) throws(ThreadError) {
        self.capacity = capacity
        self.countDropped = countDropped
        try SystemThread.detach(name: "log") { [self] in
            while true { writeWaitingLines(to: descriptor, report) }
        }
    }

    /// Takes a line to be written, or drops it. Never waits.
    package func write(_ line: [UInt8]) {
        let isTaken = state.withLock { state in
            guard line.count <= capacity - state.waiting.count else {
                state.dropped += 1
                return false
            }
            state.waiting += line
            state.lines += 1
            return true
        }
        if isTaken { state.wakeAll() } else { countDropped(1) }
    }

    /// Waits until everything is written, and no longer than `patience`.
    package func flush(within patience: Duration) {
        let end = ContinuousClock.now + patience
        state.waitUntil { state in
            let left = end - .now
            let isDone = state.waiting.isEmpty && !state.isWriting
            return isDone || left <= .zero ? .ready(()) : .waitAtMost(left)
        }
    }

    private func writeWaitingLines(to descriptor: Int32, _ report: (Int) -> [UInt8]) {
        let batch: State = state.waitUntil { state in
            guard !state.waiting.isEmpty else { return .wait }
            let batch = state
            state = State(isWriting: true)
            return .ready(batch)
        }
        let bytes = batch.dropped > 0 ? batch.waiting + report(batch.dropped) : batch.waiting
        let isWritten = writeAll(bytes, to: descriptor)
        if !isWritten { countDropped(batch.lines) }
        state.withLock { state in
            state.isWriting = false
            if !isWritten { state.dropped += batch.lines + batch.dropped }
        }
        state.wakeAll()
    }
}
