import Glibc
import Streams
import Synchronization

/// One line on the terminal that is written anew as the work goes on. Silent where standard error is
/// no terminal.
final class ProgressLine: Sendable {
    static var isWanted: Bool { isatty(STDERR_FILENO) == 1 }

    private let isShown = Mutex(false)

    func show(_ text: String) {
        isShown.withLock { $0 = true }
        writeAll(Array("\r\u{1b}[K\(text)".utf8), to: STDERR_FILENO)
    }

    /// Removes the line, so that what is printed next stands alone.
    func clear() {
        let wasShown = isShown.withLock { shown in
            defer { shown = false }
            return shown
        }
        if wasShown { writeAll(Array("\r\u{1b}[K".utf8), to: STDERR_FILENO) }
    }
}
