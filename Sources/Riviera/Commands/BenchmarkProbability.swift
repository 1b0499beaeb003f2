import ArgumentParser
import Benchmarks
import RareEvents
import Streams

/// `riviera benchmark probability`
struct BenchmarkProbability: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probability",
        abstract:
            "Compares estimates of rare events with the truth, and evaluations a second, beside OpenTURNS and NumPy.",
        discussion: """
            Thirteen problems of the literature on structural reliability by every method, with at most 100,000 \
            evaluations each, and three limit states timed on one thread. Peers that are not installed are left out, with \
            a note.

            Example: riviera benchmark probability --python venv/bin/python --seeds 20
            """)

    @Option(help: ArgumentHelp("The Python that runs the peers.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(help: "Seconds for each measurement of speed.")
    var seconds = 1.0
    @Option(help: "Runs of each method on each problem, with the seeds 1, 2, …")
    var seeds = 1
    @Flag(help: "Only the table of speed.")
    var speed = false

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds must be above 0 and at most 3600") }
        guard (1...10_000).contains(seeds) else { throw ValidationError("--seeds must be from 1 to 10000") }
    }

    func run() async throws {
        let benchmark = ProbabilityBenchmark(seconds: seconds, seeds: seeds)
        var speeds = try benchmark.measureSpeed(), rows = speed ? [] : try benchmark.measure()
        if let output = peerOutput(
            of: python, benchmark.peerArguments(estimating: !speed), script: ProbabilityBenchmark.peerScript)
        {
            let peers = ProbabilityBenchmark.peerRows(String(decoding: output, as: UTF8.self))
            speeds += peers.speeds
            rows += peers.rows
        }
        try writeOutput("\(ProbabilityBenchmark.table(speeds))")
        if !speed { try writeOutput("\n\(ProbabilityBenchmark.table(rows))") }
    }
}
