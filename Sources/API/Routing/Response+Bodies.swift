import Compute
import HTTP
import HTTPTypes

extension Response {
    /// What is longer is sent in pieces of this size, each made when the client has taken those before it.
    static let pieceSize = 64 << 10

    /// JSON laid out for reading, with the time it took.
    public static func json(_ value: JSON, timing: Timing = .none) -> Response {
        pieces(JSONWriter(value, .page), .json, timing: timing)
    }

    public static func bytes(
        _ bytes: [UInt8], _ type: MediaType, timing: Timing = .none
    ) -> Response {
        Response(status: .ok, headerFields: fields(type, timing), body: .bytes(bytes))
    }

    /// A body with its length where it is short; a longer one is made while the client takes it.
    public static func pieces(
        _ source: some PieceSource, _ type: MediaType, timing: Timing = .none
    ) -> Response {
        var rest = source
        let first = rest.piece(pieceSize) ?? []
        guard first.count >= pieceSize else { return .bytes(first, type, timing: timing) }
        return Response(status: .ok, headerFields: fields(type, timing), body: .stream { [rest] writer in
            try await writer.write(first)
            var rest = rest
            while let piece = rest.piece(pieceSize) { try await writer.write(piece) }
            return HTTPFields()
        })
    }

    private static func fields(_ type: MediaType, _ timing: Timing) -> HTTPFields {
        var fields = HTTPFields()
        fields[.contentType] = type.contentType
        fields.setServerTiming(timing)
        return fields
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

    /// Lines of progress while work runs, then the line of its outcome, or of the problem that took its place.
    static func progress<State: Sendable>(
        _ call: Call, _ line: @escaping @Sendable (State) -> JSON,
        _ work: @escaping @Sendable (ProgressChannel<State>) async throws -> (JSON, Timing)
    ) -> Response {
        let requestID = call.request.id
        return .stream(.ndjson) { writer in
            let progress = ProgressChannel<State>()
            async let outcome = lastLine(for: requestID) {
                defer { progress.finish() }
                return try await work(progress)
            }
            while let state = await progress.next() {
                try await writer.write(JSONWriter.write(line(state), .line))
            }
            let (json, timing) = await outcome
            var pieces = JSONWriter(json, .line)
            while let piece = pieces.piece(pieceSize) { try await writer.write(piece) }
            return timing
        }
    }

    private static func lastLine(
        for requestID: String, _ work: @Sendable () async throws -> (JSON, Timing)
    ) async -> (JSON, Timing) {
        do {
            return try await work()
        } catch {
            return (Problem(error).json(requestID: requestID), .none)
        }
    }

    /// An error as problem+json.
    static func problem(_ problem: Problem, requestID: String) -> Response {
        var response = Response.bytes(
            JSONWriter.write(problem.json(requestID: requestID), .page), .problem)
        response.status = problem.status
        for field in problem.headerFields { response.headerFields[field.name] = field.value }
        return response
    }
}
