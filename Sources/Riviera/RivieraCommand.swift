import API
import ArgumentParser

/// `riviera`: the command line.
struct RivieraCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "riviera",
        abstract: "Fills holes in images with a normalizing flow, estimates rare events and gradients by Monte Carlo.",
        discussion: """
            Without a subcommand it serves HTTP. The other commands compute one thing, print the JSON that \
            the endpoint of the same name would answer, and exit with status 0, or with one line that says \
            what is wrong and status 2.
            """,
        version: "riviera \(ServerIdentity.version) (\(ServerIdentity.kernels))",
        subcommands: [Serve.self] + EndpointCommands.all + [
            Train.self, Evaluate.self, Convert.self, Benchmark.self, Health.self,
        ],
        defaultSubcommand: Serve.self)
}
