import Compute
import HTTP
import HTTPTypes

/// Finds the endpoint of a path.
struct Router: Sendable {
    let endpoints: [Endpoint]
    /// Makes what a page lacks.
    private let compute: Compute
    private let byPath: [ByteString: Endpoint]

    init(_ endpoints: [Endpoint], compute: Compute) {
        self.endpoints = endpoints
        self.compute = compute
        byPath = Dictionary(endpoints.map { (ByteString($0.path), $0) }) { first, _ in first }
    }

    func endpoint(at path: String) -> Endpoint? { byPath[ByteString(path)] }

    /// - Parameters:
    ///   - endpoint: at the request's path, nil where there is none.
    ///   - pages: what GET and HEAD have been answered at already, unless parameters had to be checked.
    /// - Throws: `Problem` 404 or 405.
    func respond(to call: Call, at endpoint: Endpoint?, pages: OperationsPages) async throws -> Response {
        let request = call.request
        guard let endpoint else {
            if pages.paths.contains(where: request.path.isIdentical) { return try await page(call, of: pages) }
            throw notFound(request.path, pages.paths)
        }
        if let action = endpoint.action(for: request.method) { return try await action(call) }
        if request.method == .options { return Self.options(allow: endpoint.allow) }
        throw Self.notAllowed(request, endpoint.allow)
    }

    /// A page was asked for with parameters, in another way than its own, or before it was made.
    private func page(_ call: Call, of pages: OperationsPages) async throws -> Response {
        let request = call.request, allow = "GET, HEAD, OPTIONS"
        switch request.method {
        case .get, .head:
            try call.refuseQuery()
            if request.path.isIdentical(to: "/") { _ = try call.responseType(among: [.text, .html, .json]) }
            // It answers at once, whatever the deadline.
            let query = request.query.filter { !$0.name.isIdentical(to: "deadline") }
            if request.path.isIdentical(to: "/openapi.json") {
                _ = try await compute.perform(in: call.context()) { _ in pages.makeDocument() }
            }
            if let response = pages.respond(to: request, query) { return response }
            throw Problem.malformed(
                "\(request.path) takes no “format”: it always has the same form.", .parameter("format"))
        case .options: return Self.options(allow: allow)
        default: throw Self.notAllowed(request, allow)
        }
    }

    private static func options(allow: String) -> Response {
        var response = Response(status: .noContent, headerFields: [:], body: .bytes([]))
        response.headerFields[.allow] = allow
        response.headerFields.setServerTiming(.none)
        return response
    }

    private static func notAllowed(_ request: Request, _ allow: String) -> Problem {
        var problem = Problem(
            .methodNotAllowed,
            "\(request.path) does not support \(request.method.rawValue). Supported methods: \(allow).")
        problem.headerFields[.allow] = allow
        return problem
    }

    private func notFound(_ path: String, _ pages: [String]) -> Problem {
        var detail = "There is no endpoint \(path.quoted)."
        if let near = Spelling.nearest(to: path, among: endpoints.map(\.path) + pages) {
            detail += " Did you mean \(near)?"
        } else {
            detail += " GET / lists the endpoints."
        }
        return Problem(.notFound, detail)
    }
}
