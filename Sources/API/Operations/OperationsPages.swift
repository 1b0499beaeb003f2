import HTTP
import HTTPTypes
import Synchronization

/// What is answered at once on the event loop, however busy the compute threads are: health,
/// metrics, the index, the page.
final class OperationsPages: Sendable {
    private let isReady = Atomic(false)
    private let registry: PrometheusRegistry
    private let files: PageFiles
    private let document: OpenAPIDocument
    /// Made by ``makeDocument()``.
    private let documentPage = Mutex<FixedPage?>(nil)
    private let textIndex: Response
    private let jsonIndex: Response

    init(
        registry: PrometheusRegistry, endpoints: [Endpoint], document: OpenAPIDocument, files: PageFiles,
        needsToken: Bool
    ) {
        self.registry = registry
        self.files = files
        self.document = document
        textIndex = .bytes(IndexPage.text(of: endpoints, needsToken: needsToken), .text)
        jsonIndex = .bytes(JSONWriter.write(IndexPage.json(of: endpoints, needsToken: needsToken), .page), .json)
        paths = Self.fixedPaths + files.paths.sorted()
    }

    /// Of all of them.
    let paths: [String]

    /// Whether `/health/ready` says 200: weights loaded and warmed up, and not shutting down.
    func setReady(_ value: Bool) { isReady.store(value, ordering: .relaxed) }

    private static let fixedPaths = ["/", "/health/live", "/health/ready", "/metrics", "/openapi.json"]

    /// nil where the request is not for one of these pages, or not by GET or HEAD, or has parameters that are
    /// to be checked first.
    func respond(to request: Request) -> Response? { respond(to: request, request.query) }

    /// - Parameter query: the request's, but for what has been checked and changes nothing here.
    func respond(to request: Request, _ query: [(name: String, value: String)]) -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        var response: Response
        switch Self.fixedPaths.first(where: request.path.isIdentical) {
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
            guard query.isEmpty else { return nil }
            response = .bytes(registry.render(), .text)
            response.headerFields[.contentType] = PrometheusRegistry.mediaType
        case "/openapi.json":
            guard query.isEmpty, let page = documentPage.withLock({ $0 }) else { return nil }
            response = page.response(to: request)
        case "/":
            guard let index = index(for: request, query) else { return nil }
            response = index
        default:
            guard query.isEmpty, let file = files.response(to: request, at: request.path) else { return nil }
            response = file
            // One label for all files.
            response.route = "/page"
            return response
        }
        response.route = request.path
        return response
    }

    /// Makes `/openapi.json`, unless that has been done. It takes tens of milliseconds, for which the event loop must not
    /// be held up: until then, ``respond(to:)`` leaves the document to the router.
    func makeDocument() {
        guard documentPage.withLock({ $0 == nil }) else { return }
        let page = FixedPage(JSONWriter.write(document.json, .page), .json)
        documentPage.withLock { $0 = page }
    }

    /// The page for browsers, lines of text for curl, JSON for programs.
    private func index(for request: Request, _ query: [(name: String, value: String)]) -> Response? {
        let offered: [MediaType] = files.hasIndex ? [.text, .html, .json] : [.text, .json]
        let type: MediaType?
        if let field = query.first {
            guard query.count == 1, field.name.isIdentical(to: "format") else { return nil }
            type = offered.first { $0.formatName?.isIdentical(to: field.value) == true }
        } else {
            type = MediaType.negotiated(request[.accept], among: offered)
        }
        var response: Response
        switch type {
        case .text: response = textIndex
        case .json: response = jsonIndex
        case .html:
            guard let page = files.response(to: request, at: "/page/index.html") else { return nil }
            response = page
        default: return nil
        }
        response.vary(on: .accept)
        return response
    }

    private static let alive = Response.json(.object([("status", .string("live"))]))
    private static let ready = Response.json(.object([("status", .string("ready"))]))
}
