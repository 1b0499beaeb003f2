import API
import ArgumentParser
import Benchmarks
import Glibc
import GradientEstimation
import Streams

/// `riviera benchmark gradients`
struct BenchmarkGradients: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradients",
        abstract: "Times the default request of /gradients, two descents of 10000 × 300 draws, beside PyTorch.",
        discussion: """
            One table from one run, all of it on one thread. Riviera's row is the median of its rounds and \
            includes parsing, the optimum and the estimators' examination; PyTorch's rows are the two loops \
            alone. The ratio is of processor seconds, which other programs on the machine lengthen least. \
            Without PyTorch its rows are skipped, out loud.

            Example: riviera benchmark gradients --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs the peer; PyTorch is its.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(help: "Rounds of Riviera's row.")
    var rounds = 15

    func validate() throws {
        guard (1...10_000).contains(rounds) else { throw ValidationError("--rounds is 1 to 10000") }
    }

    func run() throws {
        let result = try GradientBenchmark.run(repetitions: rounds)
        let ours = result.medianProcessorTime / .seconds(1)
        var rows = [Row(
            name: "Riviera, median of \(rounds)", seconds: result.median / .seconds(1),
            processorSeconds: ours,
            finals: result.report.estimators.map { ($0.final.mu, $0.final.sigma) })]
        do {
            let output = try ChildProcess.output(
                of: python, ["-", "1"], input: Array(GradientBenchmark.peerScript.utf8))
            rows += try Self.peerRows(try JSONReader.read(output))
        } catch {
            writeAll(Array("riviera: \(error): PyTorch is skipped\n".utf8), to: STDERR_FILENO)
        }
        print(Self.table(rows, ours: ours), terminator: "")
    }

    struct Row {
        let name: String
        let seconds, processorSeconds: Double
        /// Where each estimator ended.
        let finals: [(mu: Double, sigma: Double)]
    }

    /// - Throws: `FileError` for output that is not the peer script's.
    static func peerRows(_ json: JSON) throws(FileError) -> [Row] {
        let version = json["torch"]?.text ?? "?"
        let loops = [("autograd", "autograd and SGD"), ("by_hand", "gradient by hand, no_grad")]
        return try loops.map { (field, name) throws(FileError) in
            guard let loop = json[field], let seconds = loop["seconds"]?.double,
                let processorSeconds = loop["processor_seconds"]?.double, let ends = loop["final"]
            else {
                throw FileError("the peer script", "it printed something else than its result")
            }
            let finals = ["log_derivative", "reparameterization"].compactMap { estimator in
                let pair = ends[estimator]?.elements?.compactMap(\.double) ?? []
                return pair.count == 2 ? (pair[0], pair[1]) : nil
            }
            return Row(
                name: "PyTorch \(version), \(name)", seconds: seconds,
                processorSeconds: processorSeconds, finals: finals)
        }
    }

    /// In Markdown.
    static func table(_ rows: [Row], ours: Double) -> String {
        var text = """
            | default /gradients request, one thread | seconds | processor seconds | of Riviera | log-derivative ends at (μ, σ) | reparameterization |
            |---|---:|---:|---:|---|---|

            """
        for row in rows {
            let ends = row.finals.map { "(\(decimals($0.mu, 4)), \(decimals($0.sigma, 4)))" }
            text += "| \(row.name) | \(decimals(row.seconds, 4)) | \(decimals(row.processorSeconds, 4)) "
                + "| \(decimals(row.processorSeconds / ours, 1))× | "
                + ends.joined(separator: " | ") + " |\n"
        }
        return text
    }

    private static func decimals(_ value: Double, _ count: Int) -> String {
        let scale = pow(10, Double(count)), rounded = (abs(value) * scale).rounded()
        let digits = String(Int(rounded))
        let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
        return (value < 0 ? "-" : "") + "\(padded.dropLast(count)).\(padded.suffix(count))"
    }
}
