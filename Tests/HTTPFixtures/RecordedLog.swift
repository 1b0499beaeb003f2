public import Logging
import Synchronization

/// A log that keeps its messages.
public final class RecordedLog: Sendable {
    private struct Recorder: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.entries.withLock { $0.append("\(event.message)") }
        }
    }

    private let entries = Mutex<[String]>([])

    public init() {}

    public var messages: [String] { entries.withLock(\.self) }

    public var logger: Logger { Logger(label: "test") { _ in Recorder(log: self) } }
}
