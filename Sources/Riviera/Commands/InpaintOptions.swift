import API
import ArgumentParser

/// The fields of the endpoint `/inpaint`, but for the image, by their names there.
package struct InpaintOptions: ParsableArguments {
    package init() {}

    @Option(help: ArgumentHelp("Missing rows, from 0, the last excluded: 5:12.", valueName: "from:to"))
    var rows: String?
    @Option(help: ArgumentHelp("Missing columns, from 0, the last excluded: 5:20.", valueName: "from:to"))
    var columns: String?
    @Option(
        help: ArgumentHelp(
            "Image or JSON grid of known pixels, 1 or white, and missing ones, 0 or black.", valueName: "file"),
        completion: .file())
    var mask: String?
    @Option(help: "projected_gradient or noisy_gradient. Default projected_gradient.")
    var method: String?
    @Option(name: .customLong("step-size"), help: "auto or a constant step. Default auto.")
    var stepSize: String?
    @Option(help: "Gradient evaluations, 1 to 10000. Default 300.")
    var iterations: String?
    @Option(help: "Stop when the projected gradient's norm is below this; 0 runs all iterations. Default 0.")
    var tolerance: String?
    @Option(help: "What missing pixels start from: given, mean, noise or a number. Default mean.")
    var initial: String?
    @Option(help: "Makes what is random repeatable. By default one is chosen and reported.")
    var seed: String?
    @Option(name: .customLong("trace-every"), help: "Report the log-likelihood every n iterations. Default 0, never.")
    var traceEvery: String?
    @Option(help: ArgumentHelp("The whole image, to compare the result with.", valueName: "file"), completion: .file())
    var truth: String?

    /// `base`, a request, with what the flags say.
    package func applied(to base: JSON) throws -> JSON {
        var request = base
        if let mask { request = request.setting("mask", to: try ImageFile(path: mask).mask()) }
        if let truth { request = request.setting("truth", to: try ImageFile(path: truth).json()) }
        let box = try [("rows", rows), ("columns", columns)].compactMap { name, text in
            try text.map { (name: name, value: try Self.range($0, name)) }
        }
        if !box.isEmpty { request = request.setting("missing", to: .object(box)) }
        let fields = [
            ("method", method), ("step_size", stepSize), ("iterations", iterations),
            ("tolerance", tolerance), ("initial", initial), ("seed", seed), ("trace_every", traceEvery),
        ]
        for (name, text) in fields {
            if let text { request = request.setting(name, to: JSON(flag: text)) }
        }
        return request
    }

    private static func range(_ text: String, _ name: String) throws -> JSON {
        let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1] else {
            throw ValidationError("--\(name) must be from:to, such as 5:12, not “\(text)”")
        }
        return .array([.integer(start), .integer(end)])
    }
}
