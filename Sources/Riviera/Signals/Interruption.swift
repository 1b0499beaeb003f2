import ArgumentParser
import Glibc
import Synchronization

/// A command that prints what it has reached when SIGINT, SIGTERM or SIGHUP asks it to end.
///
/// Those signals are held back for it: the main thread waits for them.
protocol InterruptibleCommand: AsyncParsableCommand {}

/// The request to end that an interruptible command got. A second one, or one that comes before there is any work, ends the
/// program at once.
enum Interruption {
    private struct State {
        var signal: Int32?
        var end: (@Sendable () -> Void)?
    }

    private static let state = Mutex(State())

    /// The signal that came; nil: none.
    static var signal: Int32? { state.withLock(\.signal) }

    /// Throws once a signal has come: for work that nothing ends.
    static func check() throws(CancellationError) {
        if signal != nil { throw CancellationError() }
    }

    /// What ends the work, from now on: at once where the request has come already.
    static func onRequest(_ end: @escaping @Sendable () -> Void) {
        let hasCome = state.withLock { state in
            state.end = end
            return state.signal != nil
        }
        if hasCome { end() }
    }

    /// A signal has come.
    static func take(_ signal: Int32) {
        let end = state.withLock { state in
            guard state.signal == nil else { return nil as (@Sendable () -> Void)? }
            state.signal = signal
            return state.end
        }
        guard let end else { _exit(128 + signal) }
        end()
    }
}
