import ArgumentParser
import Benchmarks
import NormalizingFlows
import Streams

/// `riviera benchmark convolution`
struct BenchmarkConvolution: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convolution",
        abstract: "Times an invertible 1×1 convolution beside its memory traffic and NumPy's einsum.",
        discussion: """
            One table from one run, one thread, double precision, the best of many rounds: the map with its \
            log-determinant, and back for all gradients. Memory traffic is the time to copy the bytes that \
            the two must read and write. Without NumPy its rows are left out, with a note.

            Example: riviera benchmark convolution --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs NumPy.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(help: "Images.")
    var batch = 32
    @Option(help: "Channels, which the convolution mixes.")
    var channels = 16
    @Option(help: "Rows of an image.")
    var rows = 14
    @Option(help: "Columns of an image.")
    var columns = 14
    @Option(help: "How often each part is timed.")
    var rounds = 300

    func validate() throws {
        for (name, value, most) in [
            ("batch", batch, 4096), ("channels", channels, 1024), ("rows", rows, 4096),
            ("columns", columns, 4096), ("rounds", rounds, 1_000_000),
        ] where !(1...most).contains(value) {
            throw ValidationError("--\(name) must be from 1 to \(most)")
        }
        guard batch * channels * rows * columns <= 1 << 26 else {
            throw ValidationError("a batch may have at most \(1 << 26) numbers")
        }
    }

    func run() throws {
        let benchmark = ConvolutionBenchmark(
            shape: TensorShape(batch: batch, channels: channels, rows: rows, columns: columns))
        let results = ConvolutionBenchmark.Residence.allCases.map { benchmark.measure($0, rounds: rounds) }
        let peers = peerOutput(
            of: python, ["-"] + [batch, channels, rows, columns].map(String.init),
            script: ConvolutionBenchmark.peerScript)
        try writeOutput("\(benchmark.table(results, peers.map(ConvolutionBenchmark.peerRows) ?? []))")
    }
}

/// What a peer prints; nil, with a note, where it is not there.
func peerOutput(of python: String, _ arguments: [String], script: String) -> [UInt8]? {
    do throws(FileError) {
        return try ChildProcess.output(of: python, arguments, input: Array(script.utf8))
    } catch {
        complain("\(error); its rows are left out")
        return nil
    }
}
