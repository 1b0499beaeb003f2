import ArgumentParser
import Benchmarks
import Streams

/// `riviera benchmark flow`
struct BenchmarkFlow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flow",
        abstract: "Times flows of invertible convolutions beside PyTorch's of the same weights.",
        discussion: """
            One table from one run, alternately with as many threads each; the least of the rounds: log p and its gradient \
            with respect to the pixels, 64 draws of a hole's missing pixels beside what their matrix products alone take, \
            training steps. Without PyTorch its column stays empty.

            Example: riviera benchmark flow --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs PyTorch.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Names of models that come with the program, or weights.", valueName: "model"))
    var models = ["glow", "conditional"]
    @Option(help: "How often each side has its turn.")
    var rounds = 10
    @Option(help: "Threads of each side; by default one for each core.")
    var threads: Int?

    func validate() throws {
        for (name, value, most) in [("rounds", rounds, 1000), ("threads", threads ?? 1, 1024)]
        where !(1...most).contains(value) {
            throw ValidationError("--\(name) must be from 1 to \(most)")
        }
    }

    func run() throws {
        let threads = threads ?? ProcessorCount.available()
        var rows: [(model: String, row: FlowBenchmark.Row)] = [], version: String?
        for model in models {
            let file =
                try BundledModel.all.first { $0.name == model }.map { try BundledFiles.weights($0.file) } ?? model
            let benchmark = try FlowBenchmark(file: file, rounds: rounds, threads: threads, python: python)
            version = benchmark.peerVersion ?? version
            rows += try benchmark.rows().map { (model, $0) }
        }
        try writeOutput("\(FlowBenchmark.table(rows, threads: threads, peer: version))")
    }
}
