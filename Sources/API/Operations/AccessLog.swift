import HTTP
import Logging

/// One line a request.
struct AccessLog: Sendable {
    let logger: Logger

    func write(_ record: ExchangeRecord) {
        let milliseconds = (record.duration / .microseconds(1) / 10).rounded() / 100
        logger.info(
            "request",
            metadata: [
                "method": "\(record.method?.rawValue ?? "-")",
                "target": "\(record.target.prefix(200))",
                "status": "\(record.status?.code ?? 0)",
                "milliseconds": "\(milliseconds)",
                "in": "\(record.bytesReceived)",
                "out": "\(record.bytesSent)",
                "client": "\(record.clientAddress)",
                "id": "\(record.requestID)",
            ].merging(record.wasCancelled ? ["cancelled": "true"] : [:]) { first, _ in first })
    }
}
