import Threads

/// Work on a thread of its own that runs only while a compute thread waits for it. So one long
/// computation can stop in its middle, give its place to others and go on later, without being
/// cut into slices by hand.
final class PausableWork: Sendable {
    private struct State {
        var hasThread = false
        /// Whose turn it is: the work's, or its owner's.
        var isRunning = false
        var isGivenUp = false
        var result: Result<Void, any Error>?
    }

    private let monitor = Monitor(State())
    private let body: @Sendable (Pause) throws -> Void

    init(_ body: @escaping @Sendable (Pause) throws -> Void) { self.body = body }

    /// Lets the work go on until its next pause.
    ///
    /// - Returns: its result once it has ended.
    func advance() -> Result<Void, any Error>? {
        let hasThread = monitor.withLock { state in
            defer { state.hasThread = true }
            state.isRunning = true
            return state.hasThread
        }
        if hasThread {
            monitor.wakeAll()
        } else {
            guard let thread = try? SystemThread(name: "compute-pausable", { [self] in run() }) else {
                return .failure(ComputeError.queueFull)
            }
            _ = thread
        }
        return monitor.waitUntil { $0.isRunning ? .wait : .ready($0.result) }
    }

    /// Lets the work end by an error at the pause that it is in. Nobody asks for its result.
    func giveUp() {
        monitor.withLock { $0.isGivenUp = true }
        monitor.wakeAll()
    }

    private func run() {
        let result = Result { try body(Pause(of: self)) }
        monitor.withLock { state in
            state.result = result
            state.isRunning = false
        }
        monitor.wakeAll()
    }

    /// Returns when it is the work's turn again.
    fileprivate func pause() throws {
        monitor.withLock { $0.isRunning = false }
        monitor.wakeAll()
        let isGivenUp = monitor.waitUntil { state in
            state.isRunning || state.isGivenUp ? .ready(state.isGivenUp) : .wait
        }
        if isGivenUp { throw CancellationError() }
    }
}

/// Where pausable work may stop.
public final class Pause {
    /// Long against the two switches of threads that a pause costs, short for whoever waits.
    private static let slice = Duration.milliseconds(2)

    private let work: PausableWork
    private var end = ContinuousClock.now + slice

    fileprivate init(of work: PausableWork) { self.work = work }

    /// Pauses if the work has had its share of time for now. To be called every millisecond or so.
    ///
    /// - Throws: `CancellationError` when nobody wants the work any more.
    public func check() throws {
        if ContinuousClock.now >= end { try now() }
    }

    /// Pauses in any case: there is nothing to do at this moment.
    public func now() throws {
        try work.pause()
        end = .now + Self.slice
    }
}
