import ArgumentParser
import Glibc
import Streams

/// The program's entry. Not asynchronous, because signals have to be held back before there is a
/// second thread, and tasks have threads.
@main enum Main {
    static func main() {
        TerminationSignals.hold()
        occupyStandardStreams()
        // A pipe that its reader closes is an error of the next write, not the program's end.
        signal(SIGPIPE, SIG_IGN)
        do {
            if let line = CommandLineCheck.complaint(about: Array(CommandLine.arguments.dropFirst())) {
                complain(line)
                Glibc.exit(2)
            }
            var command = try RivieraCommand.parseAsRoot()
            if let computing = command as? any ComputingCommand { try computing.checkKernels() }
            if let serve = command as? Serve { try serve.serve() }
            if !(command is any InterruptibleCommand) { TerminationSignals.release() }
            if let asynchronous = command as? any AsyncParsableCommand { try run(asynchronous) }
            try command.run()
            Glibc.exit(0)
        } catch {
            exit(reporting: error)
        }
    }

    private static func run(_ command: any AsyncParsableCommand) throws -> Never {
        // The command has compute threads, too, one for each processor unless a setting says otherwise.
        try TaskThreads.require(besides: ProcessorCount.available() + 1)
        let handedOver = HandedOver(command: command)
        Task {
            do {
                var command = handedOver.command
                try await command.run()
                Glibc.exit(0)
            } catch {
                exit(reporting: error)
            }
        }
        guard command is any InterruptibleCommand else { while true { pause() } }
        while true { Interruption.take(TerminationSignals.next()) }
    }

    /// `@unchecked Sendable`: the thread that parsed the command only waits once a task has it.
    private struct HandedOver: @unchecked Sendable {
        let command: any AsyncParsableCommand
    }

    /// Ends the program: with the text that was asked for (`--help`), with a status that a command
    /// chose, or with one line on standard error and status 2.
    static func exit(reporting error: any Error) -> Never {
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        var line = RivieraCommand.message(for: error)
        if RivieraCommand.exitCode(for: error).isSuccess {
            do {
                try writeOutput(RivieraCommand.fullMessage(for: error) + "\n")
                Glibc.exit(0)
            } catch {
                line = error.description
            }
        }
        complain(line.split(whereSeparator: \.isNewline).joined(separator: " "))
        Glibc.exit(2)
    }
}
