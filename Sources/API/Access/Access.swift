import HTTP
import HTTPTypes

/// Who may ask for what: anybody for anything or, where tokens are set, whoever sends one of them.
struct Access: Sendable {
    /// nil where no token is needed.
    let tokens: BearerTokens?

    /// The answer to a request that may not go on, made from its head alone: no byte of its body is read for it.
    func refusal(of request: Request) -> Response? {
        guard let tokens, !Self.isOpen(request) else { return nil }
        var problem = Problem(
            .unauthorized,
            "This server requires a token: send “Authorization: Bearer TOKEN”; with curl, -H \"Authorization: Bearer $TOKEN\"."
        )
        problem.headerFields[.wwwAuthenticate] = #"Bearer realm="riviera""#
        if let field = request[.authorization] {
            let (scheme, token) = Self.credentials(field)
            guard scheme.lowercased().isIdentical(to: "bearer") else {
                return .problem(problem, requestID: request.id)
            }
            if tokens.admit(token.utf8) { return nil }
            problem.detail = "This server does not accept the token. It may have been replaced."
            problem.headerFields[.wwwAuthenticate] =
                #"Bearer realm="riviera", error="invalid_token", error_description="not a token of this server""#
        }
        return .problem(problem, requestID: request.id)
    }

    /// Health for those who supervise the server, the page's own files, which are the same in every copy of the program,
    /// and the question of a browser whether it may ask (CORS), which carries no token.
    private static func isOpen(_ request: Request) -> Bool {
        switch request.method {
        case .get, .head:
            isOpen(request.path)
        case .options: request[.accessControlRequestMethod] != nil
        default: false
        }
    }

    /// Whether GET and HEAD of the path are answered to anybody.
    static func isOpen(_ path: String) -> Bool {
        ["/", "/openapi.json"].contains { path.isIdentical(to: $0) }
            || ["/health/", "/page/"].contains { path.utf8.starts(with: $0.utf8) }
    }

    /// `Bearer TOKEN`, with one space or more between (RFC 9110 section 11.4).
    private static func credentials(_ field: String) -> (scheme: Substring, token: Substring) {
        let scheme = field.prefix { $0 != " " }
        return (scheme, field[scheme.endIndex...].drop { $0 == " " })
    }
}

extension Declaration {
    /// Whether it is answered to anybody, even where tokens are set.
    var isOpen: Bool { Access.isOpen(path) }
}
