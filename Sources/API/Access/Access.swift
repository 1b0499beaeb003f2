import HTTP
import HTTPTypes

/// Who may ask for what: anybody for anything or, where tokens are set, whoever sends one of them.
package struct Access: Sendable {
    /// nil where no token is needed.
    let tokens: BearerTokens?

    package init(tokens: BearerTokens?) {
        self.tokens = tokens
    }

    /// The answer to a request that may not go on, made from its head alone: no byte of its body is read for it.
    func refusal(of request: Request) -> Response? {
        guard let tokens, !Self.isOpen(request) else { return nil }
        guard let field = request[.authorization] else {
            return Self.refusal(
                of: request, .unauthorized,
                "This server requires a token: send “Authorization: Bearer TOKEN”; with curl, -H \"Authorization: Bearer $TOKEN\"."
            )
        }
        let token = Self.bearerToken(field)
        if let token, tokens.admit(token.utf8) { return nil }
        // RFC 6750 section 3.1: what cannot be a token is the request's mistake.
        guard request.headerFields[values: .authorization].count == 1 else {
            return Self.refusal(
                of: request, .badRequest, "The request has more than one Authorization field: send one.",
                error: "invalid_request", "more than one Authorization field")
        }
        guard let token else {
            return Self.refusal(
                of: request, .unauthorized, "This server takes tokens only: send “Authorization: Bearer TOKEN”.")
        }
        guard TokenList.isToken(token.utf8) else {
            return Self.refusal(
                of: request, .badRequest,
                "What follows “Bearer” is not a token: a token consists of letters, digits and -._~+/, with = at the end only.",
                error: "invalid_request", "not a token")
        }
        return Self.refusal(
            of: request, .unauthorized, "This server does not accept the token. It may have been replaced.",
            error: "invalid_token", "not a token of this server")
    }

    /// - Parameters:
    ///   - error: a code of RFC 6750 section 3.1, none where the request has no token
    ///   - description: what is wrong, for developers
    private static func refusal(
        of request: Request, _ status: HTTPResponse.Status, _ detail: String, error: String? = nil,
        _ description: String = ""
    ) -> Response {
        var problem = Problem(status, detail)
        problem.headerFields[.wwwAuthenticate] =
            #"Bearer realm="riviera""# + (error.map { #", error="\#($0)", error_description="\#(description)""# } ?? "")
        return .problem(problem, requestID: request.id)
    }

    /// What the log calls the token that a request has carried; nil where it had none, or one that nobody has looked at.
    ///
    /// - Parameter status: of the answer
    package func tokenName(in head: RequestHead, answeredWith status: HTTPResponse.Status?) -> String? {
        guard let tokens, let token = head[.authorization].flatMap(Self.bearerToken), TokenList.isToken(token.utf8)
        else {
            return nil
        }
        return tokens.name(of: token.utf8, isRefused: status == .unauthorized)
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

    /// What follows `Bearer` and one space or more (RFC 9110 section 11.4); nil where the scheme is another one.
    private static func bearerToken(_ field: String) -> Substring? {
        let scheme = field.prefix { $0 != " " }
        guard scheme.lowercased().isIdentical(to: "bearer") else { return nil }
        return field[scheme.endIndex...].drop { $0 == " " }
    }
}

extension Declaration {
    /// Whether it is answered to anybody, even where tokens are set.
    var isOpen: Bool { Access.isOpen(path) }
}
