import ArgumentParser

/// `riviera serve`
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the HTTP API until SIGTERM or SIGINT, then finishes what runs and exits.",
        discussion: """
            Each setting below is also a key of a JSON file (--config) and an environment variable, named in \
            brackets. A flag overrides the environment, the environment the file, the file the default. The \
            line of the log that says "listening" names the address. A second signal ends what still runs.

            Example: riviera serve --host 127.0.0.1 --port 8080 --model nice.safetensors
            """)

    @OptionGroup var flags: SettingFlags<ServerScope>

    /// For programs that start a server for themselves and may be killed: the server then goes, too.
    @Flag(name: .customLong("end-with-input"), help: ArgumentHelp("Shut down when standard input ends.", visibility: .hidden))
    var endsWithInput = false

    /// - Throws: what names its culprit in one line.
    func serve() throws -> Never {
        try Server.serve(Settings(flags), endsWithInput: endsWithInput)
    }
}
