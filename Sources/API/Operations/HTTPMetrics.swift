import HTTP
import Metrics
import Synchronization

/// Requests by route, method and status, how long they took, and how many are being answered.
final class HTTPMetrics: Sendable {
    private struct Key: Hashable {
        let route, method: String
        let status: Int
    }

    private struct Handles {
        var requests: [Key: Counter] = [:]
        var durations: [String: Timer] = [:]
    }

    private let handles = Mutex(Handles())
    private let inProgress = Meter(label: "riviera_http_in_progress")
    private let connections = Meter(label: "riviera_http_connections")
    private let displaced = Dictionary(
        uniqueKeysWithValues: ConnectionEvent.Shortage.allCases.map { shortage in
            let label = "riviera_http_connections_closed_total"
            return (shortage, Counter(label: label, dimensions: [("reason", shortage.rawValue)]))
        })
    private let completedHandshakes = handshakes("completed"), failedHandshakes = handshakes("failed")

    private static func handshakes(_ result: String) -> Counter {
        Counter(label: "riviera_tls_handshakes_total", dimensions: [("result", result)])
    }

    /// A request's head has come in.
    func requestBegan() { inProgress.increment() }

    /// A request whose head had come in is over.
    func requestEnded() { inProgress.decrement() }

    /// Something has become of a connection.
    func count(_ event: ConnectionEvent) {
        switch event {
        case .opened: connections.increment()
        case .closed: connections.decrement()
        case .displaced(let shortage): displaced[shortage]?.increment()
        case .handshakeCompleted: completedHandshakes.increment()
        case .handshakeFailed: failedHandshakes.increment()
        }
    }

    /// Counts one exchange. Requests to no route share one label, so that strangers' paths make
    /// no series; so do unknown methods.
    func count(_ record: ExchangeRecord) {
        let route = record.route ?? "none", known = ["GET", "HEAD", "POST", "OPTIONS"]
        let method = record.method?.rawValue ?? "none"
        let key = Key(
            route: route, method: known.contains(method) ? method : "other",
            status: record.status?.code ?? 0)
        let (counter, timer) = handles.withLock { handles in
            let counter =
                handles.requests[key]
                ?? Counter(
                    label: "riviera_http_requests_total",
                    dimensions: [
                        ("method", key.method), ("route", route), ("status", String(key.status)),
                    ])
            handles.requests[key] = counter
            let timer =
                handles.durations[route]
                ?? Timer(
                    label: "riviera_http_request_duration_seconds", dimensions: [("route", route)])
            handles.durations[route] = timer
            return (counter, timer)
        }
        counter.increment()
        timer.recordNanoseconds(Int64(record.duration / .nanoseconds(1)))
    }
}
