import ArgumentParser
import Benchmarks
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
            Without PyTorch its rows are left out, with a note.

            Example: riviera benchmark gradients --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs PyTorch.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(help: "Rounds of Riviera's row.")
    var rounds = 15

    func validate() throws {
        guard (1...10_000).contains(rounds) else { throw ValidationError("--rounds must be from 1 to 10000") }
    }

    func run() throws {
        var rows = [GradientTable.row(try GradientBenchmark.run(repetitions: rounds))]
        if let output = peerOutput(of: python, ["-", "1"], script: GradientBenchmark.peerScript) {
            rows += try GradientTable.peerRows(output)
        }
        try writeOutput("\(GradientTable.table(rows))")
    }
}
