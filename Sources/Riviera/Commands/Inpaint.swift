import API
import ArgumentParser
import Glibc
import Streams

/// `riviera inpaint`
struct Inpaint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fills the missing pixels of one image.",
        discussion: """
            IN is a PNG, whose transparent pixels are missing, a JSON image, whose nulls are, or a JSON \
            request as POST /inpaint takes it, whose fields the flags override. The answer goes to standard \
            output as JSON. OUT gets it too, as a picture where the name ends in .png.

            Example: riviera inpaint digit.png filled.png --rows 5:12 --columns 5:20 --scale 8
            """)

    @Argument(help: ArgumentHelp("PNG or JSON; - is standard input.", valueName: "in"), completion: .file())
    var input: String
    @Argument(
        help: ArgumentHelp("A .png or .json file; - or nothing is standard output alone.", valueName: "out"),
        completion: .file())
    var output = "-"

    @OptionGroup(title: "How to fill, as POST /inpaint calls it") var options: InpaintOptions

    @Option(help: "Enlarges the picture, 1 to 32 times. Default 1.")
    var scale: String?
    @Flag(help: "Sets hole, result and truth side by side in the picture.")
    var strip = false

    @OptionGroup(title: "Settings") var flags: SettingFlags<OfflineScope>

    private var wantsPicture: Bool { output.lowercased().hasSuffix(".png") }

    func validate() throws {
        guard ["png", "json"].contains(output.split(separator: ".").last?.lowercased()) || output == "-" else {
            throw ValidationError("OUT ends in .png or .json, unlike \(output)")
        }
        if !wantsPicture && (scale != nil || strip) {
            throw ValidationError("--scale and --strip are for pictures: name an OUT that ends in .png")
        }
    }

    func run() async throws {
        let image = try ImageFile(path: input).json()
        let base: JSON = if case .object = image { image } else { .object([("image", image)]) }
        let request = try options.applied(to: base)
        let api = try OfflineAPI(Settings(flags))
        let answer = try await answer(to: request, api)
        if wantsPicture {
            // The answer's seed draws the same picture again.
            let same = answer.json["seed"].map { request.setting("seed", to: $0) } ?? request
            let target = "/inpaint?strip=\(strip)" + (scale.map { "&scale=\($0)" } ?? "")
            try writeFile(try await api.answer(.post, target, same, accept: .png), output)
        } else if output != "-" {
            try writeFile(answer.bytes, output)
        }
        try writeOutput(answer.bytes)
    }

    /// The endpoint's answer, with a line of progress where a person is watching.
    private func answer(to request: JSON, _ api: OfflineAPI) async throws -> (bytes: [UInt8], json: JSON) {
        guard ProgressLine.isWanted else {
            let bytes = try await api.answer(.post, "/inpaint", request)
            return (bytes, try JSONReader.read(bytes))
        }
        // Progress comes at the points of a trace. Where none was asked for, it is left out of the answer.
        let hasTrace = request["trace_every"]?.double ?? 0 > 0
        let watched = hasTrace ? request : request.setting("trace_every", to: .integer(10))
        let line = ProgressLine()
        defer { line.clear() }
        var json = try await api.lastLine(.post, "/inpaint", watched) { point in
            if let iteration = point["iteration"]?.double, let value = point["log_likelihood"]?.double {
                line.show("iteration \(Int(iteration)): \((value * 10).rounded() / 10) nats")
            }
        }
        if !hasTrace { json = json.setting("trace", to: nil) }
        return (JSONWriter.write(json, .page), json)
    }
}
