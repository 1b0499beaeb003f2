import API
import Streams

/// What `riviera inpaint` does with a photograph, a PNG of any size: the file goes to the endpoint as it is, and what comes
/// back is written as it is, with the depth, the colours and all that the file says of them.
struct PhotographCommand {
    private let form: FormBody
    private let output: CommandOutput

    /// - Returns: nil where IN holds JSON, which goes the way of all requests.
    /// - Throws: `FileError` for a file that cannot be read.
    init?<Kind>(_ flags: FieldFlags<Kind>, _ output: CommandOutput) throws {
        guard let input = flags.input else { return nil }
        let bytes = try ImageFile(path: input).bytes()
        guard ImageFile.isPicture(bytes) else { return nil }
        var parts = [(name: "image", bytes: bytes)], isTraced = false
        for field in Kind.declaration.flagFields {
            guard let text = flags.texts[field.name] else { continue }
            if field.role == .mask || field.role == .image {
                parts.append((field.name, try ImageFile(path: text).bytes()))
            } else {
                parts.append((field.name, Array(text.utf8)))
            }
            if field.name == Self.trace { isTraced = true }
        }
        // What a person who waits is told; it is left out of the answer.
        if !isTraced, ProgressLine.isWanted { parts.append((Self.trace, Array("1".utf8))) }
        isShown = isTraced
        form = FormBody(parts)
        self.output = output
    }

    private static let trace = "trace_every"
    private let isShown: Bool

    func run(_ api: OfflineAPI) async throws {
        let line = ProgressLine()
        defer { line.clear() }
        let isStream = output.form == .ndjson
        var answer = try await api.lastLine(form) { progress in
            if isStream, output.path == "-" { return try writeOutput(JSONWriter.write(progress, .line)) }
            if ProgressLine.isWanted { line.show(ProgressText.of(progress)) }
        }
        line.clear()
        if !isShown { answer = answer.setting("trace", to: nil) }
        let picture = answer["image"]?.text.flatMap(Base64.png)
        if output.form == .png, let picture {
            guard output.path != "-" else { return try writeOutput(picture) }
            try writeFile(picture, output.path)
            // It stands in the file.
            return try writeOutput(JSONWriter.write(answer.setting("image", to: nil), .page))
        }
        let text = JSONWriter.write(answer, isStream ? .line : .page)
        if output.path != "-" { try writeFile(text, output.path) }
        try writeOutput(text)
    }
}
