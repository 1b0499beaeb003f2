import ArgumentParser

/// `riviera benchmark`
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times what this machine does, beside the peers that are installed on it.",
        subcommands: [
            BenchmarkConvolution.self, BenchmarkGradients.self, BenchmarkInpaint.self, BenchmarkRuin.self,
        ])
}
