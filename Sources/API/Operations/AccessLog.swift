import HTTP
import HTTPTypes
import Logging

/// One line a request.
struct AccessLog: Sendable {
    let logger: Logger
    /// Tells whose token a request carries.
    let access: Access

    func write(_ record: ExchangeRecord) {
        guard logger.logLevel <= .info else { return }
        var fields: Logger.Metadata = [
            "id": "\(record.requestID)",
            "method": "\(record.method?.rawValue ?? "none")",
            "route": "\(record.route ?? "none")",
            "target": "\(ShownTarget.text(of: record.target))",
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
        if let name = record.clientCertificate { fields["client_certificate"] = "\(name)" }
        if let token = record.head.flatMap({ access.tokenName(in: $0, answeredWith: record.status) }) {
            fields["token"] = "\(token)"
        }
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
}

extension HTTPField.Name {
    fileprivate static let traceparent = Self("traceparent")!
}
