import API
import ArgumentParser
import Streams

/// Where a command's answer goes, and in which form.
struct CommandOutput {
    private let declaration: Declaration
    /// `-` for standard output alone.
    let path: String
    let form: MediaType

    /// - Throws: `ValidationError` for a form that the endpoint does not have.
    init<Kind>(_ flags: FieldFlags<Kind>) throws {
        declaration = Kind.declaration
        path = flags.output
        form = try Self.form(flags, declaration)
        let drawings = declaration.commandFields.filter { $0.role == .drawing && flags.texts[$0.name] != nil }
        guard form == .png || drawings.isEmpty else {
            let names = drawings.map(\.flag).joined(separator: " and ")
            throw ValidationError(
                "\(names) \(drawings.count == 1 ? "is" : "are") for pictures: name an OUT that ends in .png")
        }
    }

    private static func form<Kind>(_ flags: FieldFlags<Kind>, _ declaration: Declaration) throws -> MediaType {
        let forms = declaration.streamForms
        if let name = flags.format {
            guard let form = forms.first(where: { $0.formatName == name }) else {
                let names = forms.compactMap(\.formatName).joined(separator: ", ")
                throw ValidationError("--format must be one of \(names), not “\(name)”")
            }
            return form
        }
        guard flags.output != "-" else { return .json }
        let ending = flags.output.split(separator: ".").last?.lowercased()
        guard let form = declaration.fileForms.first(where: { $0.formatName == ending }) else {
            let endings = declaration.fileForms.compactMap(\.formatName).map { ".\($0)" }
            throw ValidationError(
                "OUT must end in \(endings.dropLast().joined(separator: ", ")) or \(endings.last ?? ""), unlike "
                    + flags.output)
        }
        return form
    }

    /// Asks, and writes what is answered.
    func write(_ request: CommandRequest, _ api: OfflineAPI) async throws {
        if path == "-" && form != .json { return try await writeForm(request, api) }
        let answer = try await answer(to: request, api)
        if path != "-" {
            guard form != .json else {
                try writeFile(answer.bytes, path)
                return try writeOutput(answer.bytes)
            }
            // The answer's seed makes the same again.
            let same = answer.json["seed"].map { request.setting("seed", to: $0) } ?? request
            try writeFile(try await api.answer(same, accept: form), path)
        }
        try writeOutput(answer.bytes)
    }

    /// Standard output gets the very form, a stream line by line.
    private func writeForm(_ request: CommandRequest, _ api: OfflineAPI) async throws {
        guard form == .ndjson else { return try writeOutput(await api.answer(request, accept: form)) }
        let last = try await api.lastLine(request) { try writeOutput(JSONWriter.write($0, .line)) }
        try writeOutput(JSONWriter.write(last, .line))
    }

    /// The endpoint's answer, with a line of progress where a person is watching.
    private func answer(
        to request: CommandRequest, _ api: OfflineAPI
    ) async throws -> (bytes: [UInt8], json: JSON) {
        guard ProgressLine.isWanted, declaration.hasProgress else {
            let bytes = try await api.answer(request)
            return (bytes, try JSONReader.read(bytes))
        }
        // Progress comes at the points of a trace, if there is one; where none was asked for, it is left out
        // of the answer.
        let trace = "trace_every"
        let isHidden =
            declaration.commandFields.contains { $0.name == trace } && !((request.body?[trace]?.double ?? 0) > 0)
        let line = ProgressLine()
        defer { line.clear() }
        var json = try await api.lastLine(isHidden ? request.setting(trace, to: .integer(10)) : request) {
            line.show(ProgressText.of($0))
        }
        if isHidden { json = json.setting("trace", to: nil) }
        return (JSONWriter.write(json, .page), json)
    }
}
