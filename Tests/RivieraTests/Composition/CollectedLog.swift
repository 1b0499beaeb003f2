import Logging
import Synchronization

/// What was logged, in order.
final class CollectedLog: LogHandler, Sendable {
    private let entries = Mutex<[(level: Logger.Level, text: String)]>([])

    func lines(_ level: Logger.Level) -> [String] {
        entries.withLock { $0.filter { $0.level == level }.map(\.text) }
    }

    /// One that writes here.
    var logger: Logger { Logger(label: "test") { _ in self } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let text = "\(event.message) \(event.metadata ?? [:])"
        entries.withLock { $0.append((event.level, text)) }
    }
}
