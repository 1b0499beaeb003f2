import HTTPTypes

/// An error as the client sees it (RFC 9457, problem details), and who is to blame.
public struct Problem: Error, Sendable {
    /// The field of a request that an error is about.
    public enum Culprit: Sendable, Hashable {
        /// A query parameter's name.
        case parameter(String)
        /// A JSON Pointer (RFC 6901) into the body.
        case pointer(String)
    }

    public var status: HTTPResponse.Status
    /// One sentence or two for the person at the keyboard: what is wrong and what to do.
    public var detail: String
    public var culprit: Culprit?
    /// Further members of the problem object.
    public var extensions: [(name: String, value: JSON)] = []
    public var headerFields: HTTPFields = [:]

    public init(_ status: HTTPResponse.Status, _ detail: String, culprit: Culprit? = nil) {
        self.status = status
        self.detail = detail
        self.culprit = culprit
    }

    /// 400: the request cannot be read.
    public static func malformed(_ detail: String, _ culprit: Culprit? = nil) -> Problem {
        Problem(.badRequest, detail, culprit: culprit)
    }

    /// 422: it can be read, and asks for something that cannot be.
    public static func invalid(_ detail: String, _ culprit: Culprit? = nil) -> Problem {
        Problem(.unprocessableContent, detail, culprit: culprit)
    }

    /// The problem object.
    public func json(requestID: String) -> JSON {
        var fields: [(name: String, value: JSON)] = [
            ("type", .string("about:blank")),
            ("title", .string(status.reasonPhrase)),
            ("status", .integer(status.code)),
            ("detail", .string(detail)),
        ]
        switch culprit {
        case .parameter(let name): fields.append(("parameter", .string(name)))
        case .pointer(let pointer): fields.append(("pointer", .string(pointer)))
        case nil: break
        }
        fields.append(("request_id", .string(requestID)))
        return .object(fields + extensions)
    }
}
