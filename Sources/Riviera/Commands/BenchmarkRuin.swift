import ArgumentParser
import Benchmarks
import Streams

/// `riviera benchmark ruin`
struct BenchmarkRuin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ruin",
        abstract: "Times the gambler's ruin: games a second, with and without blocks of games, beside Python.",
        discussion: """
            One table from one run. Each row is the fastest of many short rounds. The random bits alone bound \
            what any simulation from them can do. Peers that are not installed are left out, with a note.

            Example: riviera benchmark ruin --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs the peers.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(help: "Seconds for each row.")
    var seconds = 1.0
    @Option(help: "Threads of the rows that use more than one; by default one for each core.")
    var threads: Int?

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds must be above 0 and at most 3600") }
        guard threads.map((1...1024).contains) ?? true else { throw ValidationError("--threads must be from 1 to 1024") }
    }

    func run() async throws {
        let benchmark = try RuinBenchmark(seconds: seconds)
        var rows = await benchmark.measure(threads: threads ?? ProcessorCount.available())
        if let output = peerOutput(
            of: python, ["-", "\(benchmark.winProbability)", "\(seconds)"],
            script: RuinBenchmark.peerScript)
        {
            rows += RuinBenchmark.peerRows(String(decoding: output, as: UTF8.self))
        }
        try writeOutput("\(RuinBenchmark.table(rows))")
    }
}
