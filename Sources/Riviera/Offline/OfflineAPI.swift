import API
import Compute
import HTTP
import HTTPTypes
import Logging

/// The API without its sockets: what an offline command prints is what the endpoint answers,
/// because the endpoint answers it.
struct OfflineAPI {
    private let application: Application

    /// Loads the model and starts the compute threads.
    init(_ settings: Settings) throws {
        var configuration = APIConfiguration(settings)
        configuration.deadline = nil
        configuration.maximumDeadline = nil
        application = Application(
            compute: try Compute(settings), configuration: configuration,
            registry: PrometheusRegistry(),
            logger: Logger(label: "api") { LogOptions(settings).handler(label: $0) })
    }

    /// The body of the answer.
    ///
    /// - Parameter target: path and query, as on a request line.
    /// - Throws: `OfflineProblem` with what the endpoint finds wrong.
    func answer(
        _ method: HTTPRequest.Method, _ target: String, _ body: JSON? = nil, accept: MediaType = .json
    ) async throws -> [UInt8] {
        let response = try await respond(method, target, body, accept)
        let bytes: [UInt8]
        switch response.body {
        case .bytes(let whole): bytes = whole
        case .stream(let stream):
            let pieces = Pieces()
            _ = try await stream(ResponseWriter { await pieces.append($0) })
            bytes = await pieces.bytes
        }
        guard response.status == .ok else { throw OfflineProblem(bytes) }
        return bytes
    }

    /// The last of the lines that the endpoint streams; `progress` gets each before.
    ///
    /// - Throws: `OfflineProblem` with what the endpoint finds wrong.
    func lastLine(
        _ method: HTTPRequest.Method, _ target: String, _ body: JSON? = nil,
        progress: @escaping @Sendable (JSON) -> Void
    ) async throws -> JSON {
        let response = try await respond(method, target, body, .ndjson)
        switch response.body {
        case .bytes(let bytes): throw OfflineProblem(bytes)
        case .stream(let stream):
            let lines = LastLine(progress)
            _ = try await stream(ResponseWriter { try await lines.take($0) })
            let last = try await lines.last()
            if last["detail"] != nil { throw OfflineProblem(last) }
            return last
        }
    }

    private func respond(
        _ method: HTTPRequest.Method, _ target: String, _ body: JSON?, _ accept: MediaType
    ) async throws -> Response {
        var fields: HTTPFields = [.accept: accept.rawValue]
        if body != nil { fields[.contentType] = MediaType.json.rawValue }
        let bytes = body.map { JSONWriter.write($0, .line) } ?? []
        return await application.respond(
            to: try Request(method: method, target: target, headerFields: fields, body: RequestBody(bytes)))
    }
}

/// What an endpoint found wrong, in one line.
struct OfflineProblem: Error, CustomStringConvertible {
    let description: String

    init(_ bytes: [UInt8]) {
        self.init((try? JSONReader.read(bytes)) ?? .null)
    }

    init(_ problem: JSON) {
        var line = problem["detail"]?.text ?? "the endpoint failed without a word"
        if let culprit = (problem["pointer"] ?? problem["parameter"])?.text, !culprit.isEmpty {
            line += " (\(culprit))"
        }
        description = line
    }
}

/// Passes lines on, except the last.
private actor LastLine {
    private let progress: @Sendable (JSON) -> Void
    private var held: JSON?
    private var begun: [UInt8] = []

    init(_ progress: @escaping @Sendable (JSON) -> Void) { self.progress = progress }

    /// A long line comes in several pieces.
    func take(_ piece: [UInt8]) throws {
        begun += piece
        guard begun.last == UInt8(ascii: "\n") else { return }
        if let held { progress(held) }
        held = try JSONReader.read(begun)
        begun = []
    }

    func last() throws -> JSON {
        guard let held else { preconditionFailure("a stream has a last line") }
        return held
    }
}

/// A body that comes in pieces.
private actor Pieces {
    private(set) var bytes: [UInt8] = []

    func append(_ piece: [UInt8]) { bytes += piece }
}
