import Logging

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

    func handler(label: String) -> LineLogHandler {
        LineLogHandler(label: label, level: level, format: format)
    }
}
