import ArgumentParser
import Benchmarks
import Client
import Glibc
import Streams

/// `riviera benchmark inpaint`
struct BenchmarkInpaint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inpaint",
        abstract: "Times inpainting and likelihoods through HTTP beside PyTorch doing the same on the same weights.",
        discussion: """
            One table from one run: a server of this program on a free port and PyTorch take turns, with as \
            many threads each; medians of the rounds. Without PyTorch, or another server for /health/live, \
            their columns are empty, which is said aloud. A run with PyTorch takes some minutes.

            Example: riviera benchmark inpaint --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs the peer; PyTorch is its.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(help: ArgumentHelp("Weights, .safetensors; without it the shipped ones.", valueName: "file"), completion: .file())
    var model: String?
    @Option(help: "Iterations of a request.")
    var iterations = 300
    @Option(help: "Clients at once, and the peer's batch.")
    var clients = 32
    @Option(help: "Images of the row about a log-likelihood to reach.")
    var images = 10
    @Option(help: "Rounds of each row.")
    var rounds = 3
    @Option(help: "Threads of the server's mathematics, and of PyTorch; without it one for each core.")
    var threads: Int?
    @Option(help: ArgumentHelp("Port of another server on this machine that answers /health/live.", valueName: "port"))
    var against: Int?

    func validate() throws {
        for (name, value, most) in [
            ("iterations", iterations, 10_000), ("clients", clients, 256), ("images", images, 1000),
            ("rounds", rounds, 1000), ("threads", threads ?? 1, 1024), ("against", against ?? 1, 65535),
        ] where !(1...most).contains(value) {
            throw ValidationError("--\(name) is 1 to \(most)")
        }
    }

    func run() throws {
        let threads = threads ?? ProcessorCount.available()
        let weights = try model ?? BundledWeights.existingPath()
        let server = try ServerProcess(weights: weights, threads: threads)
        var peer: Peer?
        do throws(FileError) {
            peer = try Peer(python: python, weights: weights, threads: threads)
        } catch {
            writeAll(Array("riviera: \(error): PyTorch is skipped\n".utf8), to: STDERR_FILENO)
        }
        let plan = InpaintingBenchmark.Plan(
            weights: weights, iterations: iterations, clients: clients, images: images, rounds: rounds,
            threads: threads)
        let benchmark = try InpaintingBenchmark(plan, server: server, peer: peer)
        let torch = "PyTorch \(peer?.version ?? "–")"
        print("| \(threads) threads each, medians of \(rounds) | Riviera | \(torch) | ratio | beside its bound |\n|---|--:|--:|--:|---|")
        let bounds = try benchmark.bounds()
        var one = try benchmark.oneImage()
        one.note = bounds.iteration.note(one.ours, times: iterations)
        show("one image, \(iterations) iterations at a constant step, ms", one)
        var many = try benchmark.manyClients()
        many.note = bounds.iteration.note(1e3 / many.ours, times: iterations)
        show("\(clients) clients at once, images/s", many, larger: true)
        if let reached = try benchmark.timeToLikelihood() {
            show("to the log-likelihood of \(iterations) iterations of Adam, ms", reached)
        }
        var likelihood = try benchmark.likelihood()
        likelihood.note = bounds.likelihood.note(likelihood.ours)
        show("likelihood of one image, ms", likelihood)
        let other = against.map { ServerAddress.Kind.tcp(host: "127.0.0.1", port: $0) }
        if other == nil {
            writeAll(Array("riviera: no --against: no other server for /health/live\n".utf8), to: STDERR_FILENO)
        }
        show(
            "/health/live at 64 connections, requests/s (beside: the server of --against)",
            try benchmark.health(against: other, seconds: 3), larger: true)
        show("/health/live while \(clients) inpaintings run, 99 % within, ms", try benchmark.healthUnderLoad())
        let starts = [server.secondsToReady] + (try (1..<rounds).map { _ in
            try ServerProcess(weights: weights, threads: threads).secondsToReady
        })
        show("from start to ready, ms", .init(ours: 1e3 * median(starts)))
        if let bytes = server.residentBytes {
            show("resident after all this, MB", .init(ours: Double(bytes) / 1e6))
        }
    }

    /// - Parameter larger: whether more is better.
    private func show(_ name: String, _ row: InpaintingBenchmark.Comparison, larger: Bool = false) {
        let ratio = row.peers.map { larger ? row.ours / $0 : $0 / row.ours }
        print(
            "| \(name) | \(number(row.ours)) | \(row.peers.map(number) ?? "") | "
                + "\(ratio.map { number($0) + "×" } ?? "") | \(row.note) |")
        fflush(nil)
    }

    /// Three digits.
    private func number(_ value: Double) -> String {
        if value >= 100 { return "\(Int(value.rounded()))" }
        let scale = value >= 10 ? 10.0 : 100.0
        return "\((value * scale).rounded() / scale)"
    }
}
