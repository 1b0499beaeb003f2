import ArgumentParser
import Benchmarks
import Compute
import NormalizingFlows
import Streams

/// `riviera benchmark photographs`
struct BenchmarkPhotographs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "photographs",
        abstract: "Times the filling of a photograph with text over it beside its matrix products.",
        discussion: "Example: riviera benchmark photographs --side 512 --runs 5")

    @Option(help: "Rows and columns of the photograph.")
    var side = 512
    @Option(help: "How often it is filled.")
    var runs = 3
    @Option(help: "Threads. Default: one for each processor.")
    var threads: Int?
    @Option(help: ArgumentHelp("Weights; by default those that come with the program.", valueName: "file"))
    var model: String?

    func validate() throws {
        for (name, value, range) in [
            ("side", side, 16...8192), ("runs", runs, 1...1000), ("threads", threads ?? 1, 1...1024),
        ] where !range.contains(value) {
            throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    func run() async throws {
        let path = try model ?? BundledFiles.weights("\(BundledModel.photographs).safetensors")
        let count = threads ?? ProcessorCount.available()
        let compute = try Compute(
            model: nil, configuration: ComputeConfiguration(threads: count, batch: max(64, count)))
        defer { compute.stop() }
        let benchmark = PhotographBenchmark(rows: side, columns: side, prior: try PhotographPrior(contentsOf: path))
        let result = try await benchmark.measure(runs: runs, on: compute)
        try writeOutput("\(benchmark.table(result, threads: count))")
    }
}
