import Compute
import HTTP
import HTTPTypes

/// Names an answer by what determines it (RFC 9110, section 8.8.3): the path, the query, the representation and,
/// where it matters, the model. Thus a client that has the answer is told so before any work is done.
struct EntityTag {
    /// To be raised whenever the same request is answered with other bytes than before.
    private static let revision = 4

    private let text: String
    private let type: MediaType
    private let cacheControl: String

    /// - Parameters:
    ///   - type: the representation
    ///   - model: the digest of the model that the answer depends on; an answer without one is kept for ever
    init(_ call: Call, _ type: MediaType, model: String? = nil) {
        var parts = [String(Self.revision), call.request.path, type.rawValue, model ?? ""]
        for (name, value) in call.query { parts += [name, value] }
        // Lengths make the parts' borders part of the text.
        let key = parts.map { "\($0.utf8.count):\($0)" }.joined()
        text = "\"\(SHA256.hexadecimal(of: Array(key.utf8)).prefix(32))\""
        self.type = type
        cacheControl = model == nil ? "public, max-age=31536000, immutable" : "no-cache"
    }

    /// The answer to a client that has it already (RFC 9110, section 13.1.2).
    func notModified(for call: Call) -> Response? {
        guard let known = call.request[.ifNoneMatch] else { return nil }
        guard let name = CodedTag.named(in: known, of: text) else { return nil }
        var response = marked(Response(status: .notModified, headerFields: [.contentType: type.contentType]))
        response.headerFields[.eTag] = name
        response.headerFields.setServerTiming(.none)
        return response
    }

    func marked(_ response: Response) -> Response {
        var copy = response
        copy.headerFields[.cacheControl] = cacheControl
        copy.headerFields[.eTag] = text
        copy.vary(on: .accept)
        return copy
    }
}
