import ArgumentParser
import Glibc
import Streams

/// `riviera`: the command line.
@main
struct RivieraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "riviera",
        abstract: "Fills holes in images with a normalizing flow, estimates rare events and gradients by Monte Carlo.",
        discussion: """
            Without a subcommand it serves HTTP. The other commands compute one thing, print the JSON that \
            the endpoint of the same name would answer, and exit: 0 if all went well, 2 after one line that \
            says what did not.
            """,
        subcommands: [
            Serve.self, Inpaint.self, Ruin.self, Merge.self, Gradients.self, Convert.self,
            Benchmark.self, Health.self,
        ],
        defaultSubcommand: Serve.self)

    static func main() async {
        do {
            var command = try parseAsRoot()
            if let computing = command as? any ComputingCommand { try computing.checkKernels() }
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(reporting: error)
        }
    }

    /// Ends the program: with the text that was asked for (`--help`), with a status that a command chose,
    /// or with one line on standard error and status 2.
    static func exit(reporting error: any Error) -> Never {
        if error is ExitCode || exitCode(for: error).isSuccess { exit(withError: error) }
        let line = message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        writeAll(Array("riviera: \(line)\n".utf8), to: STDERR_FILENO)
        exit(withError: ExitCode(2))
    }
}
