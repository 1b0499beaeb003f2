import Glibc
import Streams
import Threads

/// Writes lines to standard error on a thread of its own, so that logging never waits for a full pipe,
/// a slow terminal or a disk.
///
/// What waits to be written is bounded. Lines beyond that, and lines that cannot be written because the
/// pipe is closed, are dropped and counted; a line says how many as soon as one can be written again.
package final class LogWriter: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        /// Lines among the waiting bytes.
        var lines = 0
        /// Lines dropped since the last that said so.
        var dropped = 0
        var isWriting = false
        /// Whether the thread waits to be told of a line.
        var isIdle = false
    }

    /// How long the thread gathers lines after it has written some: telling it of each would cost every
    /// request more than the rest of its logging.
    private static let interval: UInt32 = 20_000

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
        let (isTaken, isAwaited) = state.withLock { state in
            guard line.count <= capacity - state.waiting.count else {
                state.dropped += 1
                return (false, false)
            }
            state.waiting += line
            state.lines += 1
            return (true, state.isIdle)
        }
        if !isTaken { countDropped(1) }
        if isAwaited { state.wakeAll() }
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
            state.isIdle = state.waiting.isEmpty
            guard !state.isIdle else { return .wait }
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
        // Microseconds.
        usleep(Self.interval)
    }
}
