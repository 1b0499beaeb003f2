import HTTPTypes

/// The errors that an operation may answer with, and what each means.
package struct OpenAPIProblems: Sendable {
    package let status: HTTPResponse.Status
    /// Its place among the document's reusable responses.
    let name: String
    let sentence: String

    var json: JSON {
        .object([
            ("description", .string(sentence)),
            (
                "content",
                .object([(MediaType.problem.rawValue, .object([("schema", Schema.problem.json)]))])
            ),
        ])
    }

    static let all: [OpenAPIProblems] = [
        .init(
            status: .badRequest, name: "BadRequest", sentence: "The request cannot be read, or has an unknown field."),
        .init(
            status: .unauthorized, name: "Unauthorized", sentence: "The request carries none of the server's tokens."),
        .init(
            status: .notAcceptable, name: "NotAcceptable", sentence: "There is no answer in a form that was asked for."),
        .init(status: .requestTimeout, name: "RequestTimeout", sentence: "The request did not arrive in time."),
        .init(status: .contentTooLarge, name: "ContentTooLarge", sentence: "The body is longer than the server takes."),
        .init(status: .uriTooLong, name: "URITooLong", sentence: "The request line is longer than the server takes."),
        .init(
            status: .unsupportedMediaType, name: "UnsupportedMediaType",
            sentence: "The body is in a form that the endpoint does not take."),
        .init(
            status: .unprocessableContent, name: "UnprocessableContent",
            sentence: "The request can be read, and asks for something that cannot be; the field at fault is named."),
        .init(
            status: .requestHeaderFieldsTooLarge, name: "RequestHeaderFieldsTooLarge",
            sentence: "The request line and the header fields are longer than the server takes."),
        .init(status: .internalServerError, name: "InternalServerError", sentence: "The server failed."),
        .init(status: .notImplemented, name: "NotImplemented", sentence: "What was asked for is not available yet."),
        .init(
            status: .serviceUnavailable, name: "ServiceUnavailable",
            sentence: "The server is full, or shutting down; Retry-After says when to try again."),
        .init(
            status: .gatewayTimeout, name: "DeadlinePassed",
            sentence: "The deadline passed; “partial” has what had been reached."),
    ]
}

extension Declaration {
    /// The errors of one of its operations, by status.
    package func problems(of operation: Operation) -> [OpenAPIProblems] {
        var codes: Set<Int> = tag == .operations ? [400, 414, 422, 431] : [400, 406, 414, 422, 431, 500, 503, 504]
        if !operation.body.isEmpty { codes.formUnion([408, 413, 415]) }
        codes.formUnion(problems.map(\.code))
        return OpenAPIProblems.all.filter { codes.contains($0.status.code) }
    }
}
