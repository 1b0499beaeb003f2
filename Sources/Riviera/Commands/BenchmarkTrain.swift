import ArgumentParser
import Benchmarks
import Streams

/// `riviera benchmark train`
struct BenchmarkTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Times training steps and their matrix products beside PyTorch doing the same.",
        discussion: """
            One table from one run, alternately with as many threads each; the best of the rounds. Both take whole \
            steps: noise, forward, backward, clipping, AdamW, averaging. Of trained weights many units are active \
            for no image of a batch; Riviera leaves their products out. Without PyTorch its column stays empty.

            Example: riviera benchmark train --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs PyTorch.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(
        help: ArgumentHelp("Trained weights; by default those that come with the program.", valueName: "file"),
        completion: .file())
    var model: String?
    @Option(help: "Images a step.")
    var batch = 256
    @Option(help: "How often each side has its turn.")
    var rounds = 10
    @Option(help: "Threads of each side; by default one for each core.")
    var threads: Int?

    func validate() throws {
        for (name, value, most) in [
            ("batch", batch, 4096), ("rounds", rounds, 1000), ("threads", threads ?? 1, 1024),
        ] where !(1...most).contains(value) {
            throw ValidationError("--\(name) must be from 1 to \(most)")
        }
    }

    func run() throws {
        let threads = threads ?? ProcessorCount.available()
        let benchmark = try TrainingBenchmark(
            weights: try model ?? BundledFiles.standardWeights(), batch: batch, rounds: rounds, threads: threads,
            python: python)
        let rows = try benchmark.steps() + [try benchmark.product()]
        try writeOutput("\(TrainingBenchmark.table(rows, threads: threads, peer: benchmark.peerVersion))")
    }
}
