import HTTPTypes

/// Pages of which origins may read this server's replies (the WHATWG's Fetch standard, section 3.2, “CORS protocol”).
///
/// A browser sends what a page of another origin asks for, but gives the page the reply only if the reply allows it.
public struct CrossOriginPolicy: Sendable {
    private enum Allowed: Sendable {
        case all
        case some(Set<WebOrigin>)
    }

    private let allowed: Allowed

    /// Seconds that a browser may remember the answer to a preflight request: the most that any browser does is 86400,
    /// Chrome's is 7200.
    private static let preflightAge = 7200

    /// Fields that pages may read beside those that every page may.
    static let exposed =
        "Allow, Content-Disposition, Content-Encoding, Date, ETag, Retry-After, Server, Server-Timing, Vary, "
        + "WWW-Authenticate, X-Request-ID"

    /// - Parameter text: `*`, or origins separated by commas; not `null`, which is what every sandboxed frame sends, of
    ///   whichever site
    /// - Returns: nil where an item is not an origin, or `null`.
    public init?(_ text: String) {
        let items = text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            String(decoding: ArraySlice(Array(item.utf8)).trimmingWhitespace(), as: UTF8.self)
        }
        if items == ["*"] {
            allowed = .all
            return
        }
        var origins: Set<WebOrigin> = []
        for item in items {
            guard let origin = WebOrigin(item), origin != .null else { return nil }
            origins.insert(origin)
        }
        allowed = .some(origins)
    }

    /// A response with what its browser has to know. The answer to OPTIONS, if it has an Allow field, becomes that to a
    /// preflight request.
    ///
    /// - Parameter head: of the request, nil where that could not be read
    public func marked(_ response: Response, for head: RequestHead?) -> Response {
        var response = response
        let origin: String
        switch allowed {
        case .all: origin = "*"
        case .some(let origins):
            response.vary(on: .origin)
            guard let sent = head?[.origin], let known = WebOrigin(sent), origins.contains(known) else {
                return response
            }
            origin = sent
        }
        response.headerFields[.accessControlAllowOrigin] = origin
        if let head, head.method == .options, head[.accessControlRequestMethod] != nil {
            response.headerFields[.accessControlAllowMethods] = response.headerFields[.allow]
            // Whatever the page wants to send: fields that are not known here change nothing.
            response.headerFields[.accessControlAllowHeaders] = head[.accessControlRequestHeaders]
            response.headerFields[.accessControlMaxAge] = "\(Self.preflightAge)"
            response.vary(on: .accessControlRequestHeaders)
        } else {
            response.headerFields[.accessControlExposeHeaders] = Self.exposed
            response.headerFields[.timingAllowOrigin] = origin
        }
        return response
    }
}

extension HTTPField.Name {
    static let timingAllowOrigin = HTTPField.Name("Timing-Allow-Origin")!
}
