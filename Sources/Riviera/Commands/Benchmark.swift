import ArgumentParser

/// `riviera benchmark`
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times this program on this machine, beside the peers that are installed.",
        subcommands: [
            BenchmarkConvolution.self, BenchmarkFlow.self, BenchmarkGradients.self, BenchmarkInpaint.self,
            BenchmarkProbability.self,
            BenchmarkRuin.self,
            BenchmarkTrain.self,
        ])
}
