import HTTP
import HTTPTypes

/// One resource: a path, and what each method does there.
public struct Endpoint: Sendable {
    public typealias Action = @Sendable (Call) async throws -> Response

    let path: String
    let actions: [HTTPRequest.Method: Action]
    /// A limit of its own for the body, decided by the head.
    let bodyLimit: (@Sendable (RequestHead) -> Int?)?
    /// Whether what is done here beside waiting takes a fraction of a millisecond, however the
    /// request is worded.
    let isBrief: Bool
    /// A curl line that shows it, with SERVER for the server's URL.
    let example: String

    init(
        _ method: HTTPRequest.Method, _ path: String, example: String, isBrief: Bool = false,
        bodyLimit: (@Sendable (RequestHead) -> Int?)? = nil, action: @escaping Action
    ) {
        self.init(
            [method], path, example: example, isBrief: isBrief, bodyLimit: bodyLimit, action: action)
    }

    init(
        _ methods: [HTTPRequest.Method], _ path: String, example: String, isBrief: Bool = false,
        bodyLimit: (@Sendable (RequestHead) -> Int?)? = nil, action: @escaping Action
    ) {
        self.path = path
        self.example = example
        self.isBrief = isBrief
        self.bodyLimit = bodyLimit
        actions = Dictionary(uniqueKeysWithValues: methods.map { ($0, action) })
    }

    /// The methods that are answered here, in a fixed order. HEAD goes wherever GET goes.
    var allow: String {
        var names = actions.keys.map(\.rawValue).sorted()
        if names.contains("GET") { names.append("HEAD") }
        return (names + ["OPTIONS"]).joined(separator: ", ")
    }

    func action(for method: HTTPRequest.Method) -> Action? {
        actions[method == .head ? .get : method]
    }
}

/// Finds the endpoint of a path.
struct Router: Sendable {
    let endpoints: [Endpoint]
    private let byPath: [String: Endpoint]

    init(_ endpoints: [Endpoint]) {
        self.endpoints = endpoints
        byPath = Dictionary(uniqueKeysWithValues: endpoints.map { ($0.path, $0) })
    }

    func endpoint(at path: String) -> Endpoint? { byPath[path] }

    /// - Parameter pages: paths that GET and HEAD have been answered at already, without a query.
    /// - Throws: `Problem` 404 or 405.
    func respond(to call: Call, pages: [String]) async throws -> Response {
        let request = call.request
        guard let endpoint = byPath[request.path] else {
            if request.method == .options && request.target == "*" {
                return Response(status: .noContent, headerFields: [:], body: .bytes([]))
            }
            if pages.contains(request.path) { return try page(call) }
            throw notFound(request.path, pages)
        }
        if let action = endpoint.action(for: request.method) {
            var response = try await action(call)
            response.route = endpoint.path
            return response
        }
        if request.method == .options {
            var response = Response(status: .noContent, headerFields: [:], body: .bytes([]))
            response.headerFields[.allow] = endpoint.allow
            response.route = endpoint.path
            return response
        }
        throw Self.notAllowed(request, endpoint.allow)
    }

    /// A page was asked for in another way than its own.
    private func page(_ call: Call) throws -> Response {
        let request = call.request, allow = "GET, HEAD, OPTIONS"
        switch request.method {
        case .get, .head:
            try call.refuseQuery()
            throw Problem.malformed("\(request.path) takes no deadline: it answers at once.",
                .parameter("deadline"))
        case .options:
            var response = Response(status: .noContent, headerFields: [:], body: .bytes([]))
            response.headerFields[.allow] = allow
            return response
        default: throw Self.notAllowed(request, allow)
        }
    }

    private static func notAllowed(_ request: Request, _ allow: String) -> Problem {
        var problem = Problem(.methodNotAllowed,
            "\(request.path) takes \(allow), not \(request.method.rawValue).")
        problem.headerFields[.allow] = allow
        return problem
    }

    private func notFound(_ path: String, _ pages: [String]) -> Problem {
        var detail = "There is nothing at \(path.prefix(100))."
        if let near = Spelling.nearest(to: path, among: endpoints.map(\.path) + pages) {
            detail += " Did you mean \(near)?"
        } else {
            detail += " GET / lists what there is."
        }
        return Problem(.notFound, detail)
    }
}
