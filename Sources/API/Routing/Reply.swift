import Compute
import HTTP
import HTTPTypes

extension Response {
    /// JSON laid out for reading, with the time it took.
    public static func json(_ value: JSON, timing: Timing = .none) -> Response {
        bytes(JSONWriter.write(value, .page), .json, timing: timing)
    }

    public static func bytes(
        _ bytes: [UInt8], _ type: MediaType, timing: Timing = .none
    ) -> Response {
        var fields = HTTPFields()
        fields[.contentType] = type.contentType
        fields.setServerTiming(timing)
        return Response(status: .ok, headerFields: fields, body: .bytes(bytes))
    }

    /// A chunked body; its timing follows as a trailer.
    public static func stream(
        _ type: MediaType, _ body: @escaping @Sendable (ResponseWriter) async throws -> Timing
    ) -> Response {
        var fields = HTTPFields()
        fields[.contentType] = type.contentType
        fields[.trailer] = "Server-Timing"
        return Response(status: .ok, headerFields: fields, body: .stream { writer in
            var trailers = HTTPFields()
            trailers.setServerTiming(try await body(writer))
            return trailers
        })
    }

    /// An error as problem+json.
    static func problem(_ error: any Error, requestID: String) -> Response {
        let problem = Problem(error)
        var response = Response.bytes(
            JSONWriter.write(problem.json(requestID: requestID), .page), .problem)
        response.status = problem.status
        for field in problem.headerFields { response.headerFields[field.name] = field.value }
        return response
    }

    /// Marks an answer that its URL determines: it may be kept for ever. Where the client has it
    /// already, it is not sent again (RFC 9110, section 13.1.2).
    func immutable(for call: Call) -> Response {
        guard case .bytes(let bytes) = body else { return self }
        var copy = self
        let tag = "\"\(SHA256.hexadecimal(of: bytes).prefix(32))\""
        copy.headerFields[.cacheControl] = "public, max-age=31536000, immutable"
        copy.headerFields[.eTag] = tag
        copy.headerFields[.vary] = "Accept"
        if let known = call.request[.ifNoneMatch],
            known.split(separator: ",").contains(where: { $0.trimmed == tag || $0.trimmed == "*" || $0.trimmed == "W/\(tag)" }) {
            copy.status = .notModified
            copy.headerFields[.contentType] = nil
            copy.body = .bytes([])
        }
        return copy
    }
}

extension HTTPField.Name {
    static let serverTiming = Self("Server-Timing")!
    static let trailer = Self("Trailer")!
    static let retryAfter = Self("Retry-After")!
}

extension HTTPFields {
    mutating func setServerTiming(_ timing: Timing) {
        self[.serverTiming] =
            "queue;dur=\(Self.milliseconds(timing.queue)), compute;dur=\(Self.milliseconds(timing.compute))"
    }

    /// With three decimals.
    private static func milliseconds(_ duration: Duration) -> String {
        let microseconds = Int((duration / .microseconds(1)).rounded())
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }
}
