import API
import ArgumentParser
import Glibc
import Streams

/// `riviera gradients`
struct Gradients: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Descends an expectation by several gradient estimators from the same draws.",
        discussion: """
            Minimizes J = E[f(x)] + r(mu, sigma) over the Gaussians x ~ N(mu, sigma²). The answer goes to \
            standard output as JSON. OUT gets it too: the traces as a table where the name ends in .csv, a \
            picture where it ends in .svg.

            Example: riviera gradients descent.svg --seed 1 --estimators log_derivative,reparameterization
            """)

    @Argument(
        help: ArgumentHelp("A .json, .csv or .svg file; - or nothing is standard output alone.", valueName: "out"),
        completion: .file())
    var output = "-"

    @OptionGroup(title: "The problem, as /gradients calls it") var options: GradientsOptions
    @OptionGroup(title: "Settings") var flags: SettingFlags<OfflineScope>

    private var format: MediaType? {
        switch output.split(separator: ".").last?.lowercased() {
        case "json": .json
        case "csv": .csv
        case "svg": .svg
        default: nil
        }
    }

    func validate() throws {
        guard format != nil || output == "-" else {
            throw ValidationError("OUT ends in .json, .csv or .svg, unlike \(output)")
        }
    }

    func run() async throws {
        let api = try OfflineAPI(Settings(flags)), request = options.request
        let answer = try await answer(to: request, api)
        if let format, format != .json {
            // The answer's seed makes the same run again.
            let same = answer.json["seed"].map { request.setting("seed", to: $0) } ?? request
            try writeFile(try await api.answer(.post, "/gradients", same, accept: format), output)
        } else if format == .json {
            try writeFile(answer.bytes, output)
        }
        try writeOutput(answer.bytes)
    }

    /// The endpoint's answer, with a line of progress where a person is watching.
    private func answer(to request: JSON, _ api: OfflineAPI) async throws -> (bytes: [UInt8], json: JSON) {
        guard ProgressLine.isWanted else {
            let bytes = try await api.answer(.post, "/gradients", request)
            return (bytes, try JSONReader.read(bytes))
        }
        let line = ProgressLine()
        defer { line.clear() }
        let json = try await api.lastLine(.post, "/gradients", request) { state in
            if let iteration = state["iteration"]?.double { line.show("iteration \(Int(iteration))") }
        }
        return (JSONWriter.write(json, .page), json)
    }
}
