import ArgumentParser
import Benchmarks
import Client
import Streams

/// `riviera benchmark inpaint`
struct BenchmarkInpaint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inpaint",
        abstract: "Times inpainting and likelihoods through HTTP beside PyTorch doing the same on the same weights.",
        discussion: """
            One table from one run: a server of this program on a free port and PyTorch, alternately, with as \
            many threads each; medians of the rounds. Without PyTorch, or another server for /health/live, \
            their columns stay empty, with a note. A run with PyTorch takes some minutes.

            Example: riviera benchmark inpaint --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that runs PyTorch.", valueName: "path"), completion: .file())
    var python = "python3"
    @Option(
        help: ArgumentHelp("Weights, .safetensors; by default those that come with the program.", valueName: "file"),
        completion: .file())
    var model: String?
    @Option(help: "Iterations of a request.")
    var iterations = 300
    @Option(help: "Clients at once, and the peer's batch.")
    var clients = 32
    @Option(help: "Images of the row about a log-likelihood to reach.")
    var images = 10
    @Option(help: "Rounds of each row.")
    var rounds = 3
    @Option(help: "Threads of the server's mathematics, and of PyTorch; by default one for each core.")
    var threads: Int?
    @Option(help: ArgumentHelp("Port of another server on this machine that answers /health/live.", valueName: "port"))
    var against: Int?

    func validate() throws {
        for (name, value, most) in [
            ("iterations", iterations, 10_000), ("clients", clients, 256), ("images", images, 1000),
            ("rounds", rounds, 1000), ("threads", threads ?? 1, 1024), ("against", against ?? 1, 65535),
        ] where !(1...most).contains(value) {
            throw ValidationError("--\(name) must be from 1 to \(most)")
        }
    }

    func run() throws {
        let threads = threads ?? ProcessorCount.available()
        let weights = try model ?? BundledFiles.standardWeights()
        let server = try ServerProcess(weights: weights, threads: threads)
        var peer: Peer?
        do throws(FileError) {
            peer = try Peer(python: python, weights: weights, threads: threads)
        } catch {
            complain("\(error); PyTorch's column stays empty")
        }
        let plan = InpaintingBenchmark.Plan(
            weights: weights, iterations: iterations, clients: clients, images: images, rounds: rounds,
            threads: threads)
        let benchmark = try InpaintingBenchmark(plan, server: server, peer: peer)
        let torch = "PyTorch \(peer?.version ?? "–")"
        try writeOutput(
            "| \(threads) threads each, medians of \(rounds) | Riviera | \(torch) | ratio | beside its bound |\n"
                + "|---|--:|--:|--:|---|\n")
        let bounds = try benchmark.bounds()
        var one = try benchmark.oneImage()
        one.note = bounds.iteration.note(one.ours, times: iterations)
        try show("one image, \(iterations) iterations at a constant step, ms", one)
        var many = try benchmark.manyClients()
        many.note = bounds.iteration.note(1e3 / many.ours, times: iterations)
        try show("\(clients) clients at once, images/s", many, larger: true)
        if let reached = try benchmark.timeToLikelihood() {
            try show("to the log-likelihood of \(iterations) iterations of Adam, ms", reached)
        }
        try show("the start from the conditional mean, a random half missing, ms", try benchmark.conditionalMean())
        try show("draws of one image's missing pixels, ms", benchmark.posterior())
        var likelihood = try benchmark.likelihood()
        likelihood.note = bounds.likelihood.note(likelihood.ours)
        try show("likelihood of one image, ms", likelihood)
        let other = against.map { ServerAddress.Kind.tcp(host: "127.0.0.1", port: $0) }
        if other == nil {
            complain("without --against there is no other server to compare /health/live with")
        }
        try show(
            "/health/live at 64 connections, requests/s (beside: the server of --against)",
            benchmark.health(against: other, seconds: 3), larger: true)
        try show("/health/live while \(clients) inpaintings run, 99 % within, ms", benchmark.healthUnderLoad())
        let starts =
            [server.secondsToReady]
            + (try (1..<rounds).map { _ in
                try ServerProcess(weights: weights, threads: threads).secondsToReady
            })
        try show("from start to ready, ms", .init(ours: 1e3 * median(starts)))
        if let bytes = server.residentBytes {
            try show("resident after all this, MB", .init(ours: Double(bytes) / 1e6))
        }
    }

    /// - Parameter larger: whether more is better.
    private func show(_ name: String, _ row: InpaintingBenchmark.Comparison, larger: Bool = false) throws {
        let ratio = row.peers.map { larger ? row.ours / $0 : $0 / row.ours }
        let cells = [
            name, row.ours.threeDigits, row.peers?.threeDigits ?? "", ratio.map { $0.threeDigits + "×" } ?? "",
            row.note,
        ]
        try writeOutput("| \(cells.joined(separator: " | ")) |\n")
    }
}
