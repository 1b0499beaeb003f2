import Logging
import Threads

/// What is logged, and how.
struct LogOptions {
    let level: Logger.Level
    let format: LogLine.Format

    init(_ settings: Settings) {
        guard let level = Logger.Level(rawValue: settings.string("log.level")),
            let format = LogLine.Format(rawValue: settings.string("log.format"))
        else { preconditionFailure("the table of settings allows the levels and formats there are") }
        (self.level, self.format) = (level, format)
    }

    /// For a command: writes where it is called.
    func handler(label: String) -> LineLogHandler {
        LineLogHandler(label: label, level: level, format: format)
    }

    /// For the server: leaves the writing to a thread.
    func handler(label: String, writer: LogWriter) -> LineLogHandler {
        LineLogHandler(label: label, level: level, format: format) { writer.write($0) }
    }

    /// - Parameter countDropped: called with each number of lines that are dropped.
    /// - Throws: `ThreadError` where the system has no thread for it.
    func writer(countDropped: @escaping @Sendable (Int) -> Void) throws(ThreadError) -> LogWriter {
        try LogWriter(countDropped: countDropped) { [format] count in
            LogLine(
                time: .now(), level: .warning, logger: "log",
                message: "lines were dropped, because standard error did not take them in time",
                fields: [("count", .stringConvertible(count))]
            ).bytes(format)
        }
    }
}
