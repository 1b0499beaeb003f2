import ArgumentParser
import Benchmarks
import Glibc
import NormalizingFlows
import Streams

/// `riviera benchmark convolution`
struct BenchmarkConvolution: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convolution",
        abstract: "Times an invertible 1×1 convolution beside its memory traffic and NumPy's einsum.",
        discussion: """
            One table from one run, one thread, double precision, the best of many turns: the map with its \
            log-determinant, and back for all gradients. Traffic is the time to copy the bytes that the two \
            must read and write. Peers that are not installed are skipped, out loud.

            Example: riviera benchmark convolution --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs the peer; NumPy is its.", valueName: "path"), completion: .file())
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
    var turns = 300

    func validate() throws {
        for (name, value, most) in [
            ("batch", batch, 4096), ("channels", channels, 1024), ("rows", rows, 4096),
            ("columns", columns, 4096), ("turns", turns, 1_000_000),
        ] where !(1...most).contains(value) {
            throw ValidationError("--\(name) is 1 to \(most)")
        }
        guard batch * channels * rows * columns <= 1 << 26 else {
            throw ValidationError("a batch has at most \(1 << 26) numbers")
        }
    }

    func run() throws {
        let shape = TensorShape(batch: batch, channels: channels, rows: rows, columns: columns)
        let benchmark = ConvolutionBenchmark(shape: shape)
        writeLine("\(shape) numbers in double precision, milliseconds, one thread")
        for residence in ConvolutionBenchmark.Residence.allCases {
            let result = benchmark.measure(residence, turns: turns)
            writeLine("""
                riviera, batch in \(residence.rawValue): forward \(milliseconds(result.forward)), gradient \
                \(milliseconds(result.gradient)), both \(milliseconds(result.forward + result.gradient)); \
                traffic \(milliseconds(result.traffic)) at \(twoDecimals(result.bandwidth / 1e9)) GB/s, \
                \(twoDecimals(result.ratio)) times that
                """)
        }
        do throws(FileError) {
            let output = try ChildProcess.output(
                of: python, ["-"] + [batch, channels, rows, columns].map(String.init),
                input: Array(ConvolutionBenchmark.peer.utf8))
            writeAll(output, to: STDOUT_FILENO)
        } catch {
            writeAll(Array("riviera: \(error): the peer is skipped\n".utf8), to: STDERR_FILENO)
        }
    }

    private func writeLine(_ text: String) { writeAll(Array("\(text)\n".utf8), to: STDOUT_FILENO) }

    private func milliseconds(_ seconds: Double) -> String {
        "\((seconds * 1e6).rounded() / 1e3) ms"
    }

    private func twoDecimals(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
