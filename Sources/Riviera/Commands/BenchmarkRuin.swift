import ArgumentParser
import Benchmarks
import Glibc
import Streams

/// `riviera benchmark ruin`
struct BenchmarkRuin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ruin",
        abstract: "Times the gambler's ruin: games a second, with and without blocks of games, beside Python.",
        discussion: """
            One table from one run. Each row is the fastest of many short rounds. The random bits alone bound \
            what any simulation from them can do. Peers that are not installed are skipped, out loud.

            Example: riviera benchmark ruin --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs the peers; NumPy is its.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(help: "Seconds for each row.")
    var seconds = 1.0
    @Option(help: "Threads of the rows that use more than one; without it one for each core.")
    var threads: Int?

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds is above 0, at most 3600") }
        guard threads.map((1...1024).contains) ?? true else { throw ValidationError("--threads is 1 to 1024") }
    }

    func run() async throws {
        let benchmark = try RuinBenchmark(seconds: seconds)
        var rows = await benchmark.measure(threads: threads ?? ProcessorCount.available())
        do {
            let output = try ChildProcess.output(
                of: python, ["-", "\(benchmark.winProbability)", "\(seconds)"],
                input: Array(RuinBenchmark.peerScript.utf8))
            rows += RuinBenchmark.peerRows(String(decoding: output, as: UTF8.self))
        } catch {
            writeAll(Array("riviera: \(error): the peers are skipped\n".utf8), to: STDERR_FILENO)
        }
        print(Self.table(rows), terminator: "")
    }

    /// In Markdown.
    static func table(_ rows: [RuinBenchmark.Row]) -> String {
        let numpy = rows.first { $0.name.hasPrefix("NumPy") }, plain = rows.first { $0.name.hasPrefix("plain") }
        let head = ["", "threads", "games/s", "of NumPy", "of plain Python", "estimate"]
        let lines = rows.map { row in
            [
                row.name, "\(row.threads)", scientific(row.gamesPerSecond),
                ratio(row, numpy), ratio(row, plain), row.estimate.map(scientific) ?? "–",
            ]
        }
        let all = [head] + lines
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }
            return "| " + padded.joined(separator: " | ") + " |\n"
        }
        let rule = widths.enumerated().map { column, width in
            String(repeating: "-", count: width + 1) + (column == 0 ? "-" : ":")
        }
        return line(head) + "|" + rule.joined(separator: "|") + "|\n" + lines.map(line).joined()
    }

    private static func ratio(_ row: RuinBenchmark.Row, _ peer: RuinBenchmark.Row?) -> String {
        guard let peer else { return "–" }
        let ratio = row.gamesPerSecond / peer.gamesPerSecond
        return ratio < 10 ? "\((ratio * 100).rounded() / 100)×" : "\(Int(ratio.rounded()))×"
    }

    /// Three digits.
    private static func scientific(_ value: Double) -> String {
        guard value > 0 else { return "0" }
        var exponent = Int(log10(value).rounded(.down))
        var mantissa = (value / pow(10, Double(exponent)) * 100).rounded()
        if mantissa >= 1000 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        let digits = "\(Int(mantissa))"
        return "\(digits.prefix(1)).\(digits.dropFirst())e\(exponent)"
    }
}
