import HTTP
import HTTPTypes

/// Finds the endpoint of a path.
struct Router: Sendable {
    let endpoints: [Endpoint]
    private let byPath: [ByteString: Endpoint]

    init(_ endpoints: [Endpoint]) {
        self.endpoints = endpoints
        byPath = Dictionary(endpoints.map { (ByteString($0.path), $0) }) { first, _ in first }
    }

    func endpoint(at path: String) -> Endpoint? { byPath[ByteString(path)] }

    /// - Parameters:
    ///   - endpoint: at the request's path, nil where there is none.
    ///   - pages: paths that GET and HEAD have been answered at already, without a query.
    /// - Throws: `Problem` 404 or 405.
    func respond(to call: Call, at endpoint: Endpoint?, pages: [String]) async throws -> Response {
        let request = call.request
        guard let endpoint else {
            if pages.contains(where: request.path.isIdentical) { return try page(call) }
            throw notFound(request.path, pages)
        }
        if let action = endpoint.action(for: request.method) { return try await action(call) }
        if request.method == .options { return Self.options(allow: endpoint.allow) }
        throw Self.notAllowed(request, endpoint.allow)
    }

    /// A page was asked for in another way than its own.
    private func page(_ call: Call) throws -> Response {
        let request = call.request, allow = "GET, HEAD, OPTIONS"
        switch request.method {
        case .get, .head:
            try call.refuseQuery()
            if request.path.isIdentical(to: "/") { _ = try call.responseType(among: [.text, .html, .json]) }
            let names = request.query.map(\.name)
            let name = names.first { $0.isIdentical(to: "deadline") } ?? "format"
            throw Problem.malformed(
                "\(request.path) takes no “\(name)”: it always answers at once and in the same form.",
                .parameter(name))
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
