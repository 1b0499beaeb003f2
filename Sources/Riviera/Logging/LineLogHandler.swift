import Glibc
import Logging
import Streams

/// Writes each event to standard error as one line, by one call, so that threads' lines do not mix.
package struct LineLogHandler: LogHandler {
    let label: String
    let format: LogLine.Format
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let write: @Sendable ([UInt8]) -> Void

    package init(
        label: String, level: Logger.Level, format: LogLine.Format,
        write: @escaping @Sendable ([UInt8]) -> Void = { writeAll($0, to: STDERR_FILENO) }
    ) {
        self.label = label
        self.format = format
        self.write = write
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = event.metadata ?? [:]
        if let provided = metadataProvider?.get() { fields.merge(provided) { own, _ in own } }
        // A merge takes longer than the rest, even with nothing.
        if !metadata.isEmpty { fields.merge(metadata) { own, _ in own } }
        if let error = event.error { fields["error"] = "\(error)" }
        let line = LogLine(
            time: .now(), level: event.level, logger: label, message: event.message.description,
            fields: fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        write(line.bytes(format))
    }
}
