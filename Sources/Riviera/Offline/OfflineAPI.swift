import API
import Compute
import HTTP
import HTTPTypes
import Logging

/// The API without its sockets: what an offline command prints is what the endpoint answers,
/// because the endpoint answers it.
struct OfflineAPI {
    private let application: Application
    private let declaration: Declaration

    /// Starts the compute threads, and loads the model where the endpoint needs it.
    init(_ settings: Settings, _ declaration: Declaration) throws {
        var configuration = APIConfiguration(settings)
        configuration.deadline = nil
        configuration.maximumDeadline = nil
        self.declaration = declaration
        application = Application(
            compute: try Compute(settings, models: declaration.needs.model ? ModelSource.all(settings) : []),
            configuration: configuration,
            registry: PrometheusRegistry(),
            logger: Logger(label: "api") { LogOptions(settings).handler(label: $0) })
    }

    /// Ends what is being worked on: its answer is a problem that holds what had been reached.
    func end() { application.graceEnded() }

    /// Whether it fills photographs rather than images.
    var fillsPhotographs: Bool { application.fillsPhotographs }

    /// The size of the model's images, where there is a model.
    var shape: ImageShape? { application.shape }

    /// The body of the answer.
    ///
    /// - Throws: `OfflineProblem` with what the endpoint finds wrong.
    func answer(_ request: CommandRequest, accept: MediaType = .json) async throws -> [UInt8] {
        let response = try await respond(to: request, accept)
        let bytes: [UInt8]
        switch response.body {
        case .bytes(let whole): bytes = whole
        case .stream(let stream):
            let pieces = Pieces()
            _ = try await stream(ResponseWriter { await pieces.append($0) })
            bytes = await pieces.bytes
        }
        guard response.status == .ok else { throw OfflineProblem(bytes, declaration, request.sources) }
        return bytes
    }

    /// The last of the lines that the endpoint streams; `progress` gets each before.
    ///
    /// - Throws: `OfflineProblem` with what the endpoint finds wrong.
    func lastLine(
        _ request: CommandRequest, progress: @escaping @Sendable (JSON) throws -> Void
    ) async throws -> JSON {
        try await lastLine(of: try await respond(to: request, .ndjson), progress: progress)
    }

    /// The last of the lines that the endpoint streams for a form.
    ///
    /// - Throws: `OfflineProblem` with what the endpoint finds wrong.
    func lastLine(
        _ form: FormBody, progress: @escaping @Sendable (JSON) throws -> Void
    ) async throws -> JSON {
        let fields: HTTPFields = [.accept: MediaType.ndjson.rawValue, .contentType: form.contentType]
        let response = await application.respond(
            to: try Request(
                method: .post, target: declaration.path, headerFields: fields, body: RequestBody(form.bytes)))
        return try await lastLine(of: response, progress: progress)
    }

    private func lastLine(
        of response: Response, progress: @escaping @Sendable (JSON) throws -> Void
    ) async throws -> JSON {
        switch response.body {
        case .bytes(let bytes): throw OfflineProblem(bytes, declaration)
        case .stream(let stream):
            let lines = LastLine(progress)
            _ = try await stream(ResponseWriter { try await lines.take($0) })
            let last = try await lines.last()
            if last["detail"] != nil { throw OfflineProblem(last, declaration) }
            return last
        }
    }

    private func respond(to request: CommandRequest, _ accept: MediaType) async throws -> Response {
        var fields: HTTPFields = [.accept: accept.rawValue]
        if request.body != nil { fields[.contentType] = MediaType.json.rawValue }
        let bytes = request.body.map { JSONWriter.write($0, .line) } ?? []
        return await application.respond(
            to: try Request(
                method: request.method, target: request.target(isPicture: accept == .png), headerFields: fields,
                body: RequestBody(bytes)))
    }
}

/// What an endpoint found wrong, in one line.
package struct OfflineProblem: Error, CustomStringConvertible {
    package let description: String
    /// What had been reached when the command was asked to end.
    package let partial: JSON?

    init(_ bytes: [UInt8], _ declaration: Declaration, _ sources: [String] = []) {
        self.init((try? JSONReader.read(bytes)) ?? .null, declaration, sources)
    }

    /// The sentence, with the place in a file or the flag.
    ///
    /// - Parameter sources: the file of each element of a body that is an array
    package init(_ problem: JSON, _ declaration: Declaration, _ sources: [String] = []) {
        if let reached = problem["partial"], case .object = reached { partial = reached } else { partial = nil }
        var line = Self.inWordsOfCommands(problem["detail"]?.text ?? "the endpoint failed and gave no reason")
        for (index, source) in sources.enumerated().reversed() {
            line = line.replacing("element \(index) ", with: "\(source) ")
        }
        if let culprit = (problem["pointer"] ?? problem["parameter"])?.text, !culprit.isEmpty {
            let name = culprit.hasPrefix("/") ? String(culprit.dropFirst()) : culprit
            let parts = name.split(separator: "/", maxSplits: 1)
            if let index = parts.first.flatMap({ Int($0) }), sources.indices.contains(index) {
                description = line + " (\(sources[index])\(parts.count > 1 ? ": \(parts[1])" : ""))"
                return
            }
            let flag = declaration.flagFields.first { $0.name == name }?.flag
            line += " (\(flag ?? culprit))"
        }
        description = line
    }

    /// What the endpoint says to those who write a query or a form, said of flags.
    package static func inWordsOfCommands(_ detail: String) -> String {
        var text = detail
        for (of, flags) in [
            ("in a query with rows=5:12&columns=5:20", "with --rows 5:12 --columns 5:20"),
            ("In the part “image”", "In IN"), ("the PNG in the part “image”", "the PNG"),
            ("In the part “mask”", "In --mask"), ("The part “mask”", "--mask"), ("the part “mask”", "--mask"),
            ("In the part “truth”", "In --truth"), ("The part “truth”", "--truth"), ("the part “truth”", "--truth"),
            ("for model=", "for --model "), ("/probability/merge", "riviera merge-probability"),
            ("/ruin/merge", "riviera merge"), (" of /probability,", " of riviera probability,"),
            (" of /ruin,", " of riviera ruin,"),
        ] {
            text = text.replacing(of, with: flags)
        }
        return text
    }
}

/// Passes lines on, except the last.
private actor LastLine {
    private let progress: @Sendable (JSON) throws -> Void
    private var held: JSON?
    private var begun: [UInt8] = []

    init(_ progress: @escaping @Sendable (JSON) throws -> Void) { self.progress = progress }

    /// A long line comes in several pieces.
    func take(_ piece: [UInt8]) throws {
        begun += piece
        guard begun.last == UInt8(ascii: "\n") else { return }
        if let held { try progress(held) }
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
