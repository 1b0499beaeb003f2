import HTTP
import HTTPTypes
import Synchronization

/// What is answered at once on the event loop, however busy the compute threads are: health,
/// metrics, the index.
final class OperationsPages: Sendable {
    private let isReady = Atomic(false)
    private let registry: PrometheusRegistry
    private let index: [UInt8]

    init(registry: PrometheusRegistry, endpoints: [Endpoint]) {
        self.registry = registry
        index = IndexPage.text(of: endpoints)
    }

    /// Whether `/health/ready` says 200: weights loaded and warmed up, and not shutting down.
    func setReady(_ value: Bool) { isReady.store(value, ordering: .relaxed) }

    static let paths = ["/", "/health/live", "/health/ready", "/metrics"]

    /// nil where the request is not for one of these pages, or not by GET or HEAD.
    func respond(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        var response: Response
        switch Self.paths.first(where: request.path.isIdentical) {
        case "/health/live": response = Self.alive
        case "/health/ready":
            if isReady.load(ordering: .relaxed) {
                response = Self.ready
            } else {
                var problem = Problem(.serviceUnavailable, "The server is starting or shutting down.")
                problem.headerFields[.retryAfter] = "1"
                response = .problem(problem, requestID: request.id)
            }
        case "/metrics":
            guard request.query.isEmpty else { return nil }
            response = .bytes(registry.render(), .text)
            response.headerFields[.contentType] = PrometheusRegistry.mediaType
        case "/":
            guard request.query.isEmpty else { return nil }
            response = .bytes(index, .text)
        default: return nil
        }
        response.route = request.path
        return response
    }

    private static let alive = Response.json(.object([("status", .string("live"))]))
    private static let ready = Response.json(.object([("status", .string("ready"))]))
}

/// `GET /` as text: a curl line for each endpoint.
enum IndexPage {
    static func text(of endpoints: [Endpoint]) -> [UInt8] {
        var text = """
            Riviera: where NICE meets Monte Carlo

            Paste these lines in their order, after SERVER=http://localhost:8080 (or wherever this is):


            """
        for endpoint in endpoints { text += "  \(endpoint.example.line)\n" }
        text += """
              curl "$SERVER/health/live"
              curl "$SERVER/health/ready"
              curl "$SERVER/metrics"

            Errors are application/problem+json and name what is wrong. Every request takes
            deadline=SECONDS. What is random takes seed=NUMBER; the same seed gives the same bytes.

            """
        return Array(text.utf8)
    }
}
