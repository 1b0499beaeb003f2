import ArgumentParser
import Logging

/// `riviera serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the HTTP API until SIGTERM or SIGINT, then finishes what runs and exits.",
        discussion: """
            Each setting below is also a key of a JSON file (--config) and an environment variable, named in \
            brackets. A flag overrides the environment, the environment the file, the file the default. The \
            line of the log that says "listening" names the address.

            Example: riviera serve --host 127.0.0.1 --port 8080 --model nice.safetensors
            """)

    @OptionGroup var flags: SettingFlags<ServerScope>

    func run() async throws {
        let settings = try Settings(flags)
        let logging = LogOptions(settings)
        LoggingSystem.bootstrap { logging.handler(label: $0) }
        try await Server.run(settings)
    }
}
