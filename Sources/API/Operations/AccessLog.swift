import HTTP
import HTTPTypes
import Logging

/// One line a request.
package struct AccessLog: Sendable {
    let logger: Logger

    func write(_ record: ExchangeRecord) {
        guard logger.logLevel <= .info else { return }
        var fields: Logger.Metadata = [
            "id": "\(record.requestID)",
            "method": "\(record.method?.rawValue ?? "-")",
            "route": "\(record.route ?? "-")",
            "target": "\(Self.shown(record.target))",
            "status": .stringConvertible(record.status?.code ?? 0),
            "bytes_in": .stringConvertible(record.bytesReceived),
            "bytes_out": .stringConvertible(record.bytesSent),
            "total_ms": .stringConvertible(Self.hundredths(record.duration / .milliseconds(1))),
            "client": "\(record.clientAddress)",
        ]
        // What was answered at once was neither queued nor computed.
        if let timing = record.serverTiming, timing != Self.noTime {
            fields["queue_ms"] = Self.milliseconds("queue", in: timing)
            fields["compute_ms"] = Self.milliseconds("compute", in: timing)
        }
        if let version = record.tlsVersion { fields["tls"] = "\(version)" }
        if let trace = record.head?[.traceparent].flatMap(TraceContext.init) {
            fields["trace_id"] = "\(trace.traceID)"
            fields["span_id"] = "\(trace.spanID)"
        }
        if record.wasCancelled { fields["cancelled"] = .stringConvertible(true) }
        logger.info("request", metadata: fields)
    }

    private static let noTime = "queue;dur=0.000, compute;dur=0.000"

    private static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    /// The duration of one of the metrics of a Server-Timing field, which `HTTPFields.setServerTiming` has made.
    private static func milliseconds(_ name: String, in timing: String) -> Logger.MetadataValue? {
        for metric in timing.utf8.split(separator: UInt8(ascii: ",")) {
            let text = metric.drop { $0 == UInt8(ascii: " ") }, start = "\(name);dur=".utf8
            if text.starts(with: start),
                let value = Double(String(decoding: text.dropFirst(start.count), as: UTF8.self))
            {
                return .stringConvertible(value)
            }
        }
        return nil
    }

    /// A target's beginning. What it carries under a name that is used for secrets is left out: this server takes no
    /// secrets there, which keeps nobody from sending one.
    package static func shown(_ target: String) -> String {
        // Counting characters takes far longer than counting bytes.
        if target.utf8.count <= 200 && !target.utf8.contains(UInt8(ascii: "?")) { return target }
        let start = target.prefix(200)
        guard let query = start.firstIndex(of: "?") else { return String(start) }
        let parts = start[start.index(after: query)...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = parts.map { part in
            let name = part.prefix { $0 != "=" }
            return secretNames.contains(name.lowercased()) && name.endIndex < part.endIndex ? "\(name)=…" : String(part)
        }
        return start[...query] + shown.joined(separator: "&")
    }

    private static let secretNames: Set = [
        "access_token", "api_key", "apikey", "auth", "authorization", "bearer", "key", "password", "secret", "token",
    ]
}

extension HTTPField.Name {
    fileprivate static let traceparent = Self("traceparent")!
}
