import ArgumentParser
import Client
import Glibc
import Streams

/// `riviera health`
struct Health: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a running server on this machine whether it is healthy.",
        discussion: """
            Exits with status 0 if it is, and with 1 if it is not or does not answer: for a container's HEALTHCHECK \
            or an exec probe. It asks at the address where a server with the same settings would listen.

            Example: riviera health --ready --port 8080
            """)

    @Flag(help: "Ask whether it is ready for requests (/health/ready) rather than alive (/health/live).")
    var ready = false

    @OptionGroup var flags: SettingFlags<ClientScope>

    func run() throws {
        let settings = try Settings(flags)
        let path = ready ? "/health/ready" : "/health/live"
        do {
            let status = try HealthProbe(address(settings), timeout: .seconds(2)).status(of: path)
            if status == 200 { return }
            complain("\(path) answers \(status)")
        } catch {
            complain("\(error)")
        }
        throw ExitCode(1)
    }

    /// The first address of the settings, an unspecified one as this machine's own.
    private func address(_ settings: Settings) -> HealthProbe.Address {
        let host = settings.string("http.host").split(separator: ",").first.map(String.init)
        guard let host else { return .unix(path: settings.string(ifSet: "http.unix_socket") ?? "") }
        let reachable = ["0.0.0.0": "127.0.0.1", "::": "::1", "[::]": "::1"][host] ?? host
        return .tcp(host: reachable, port: settings.int("http.port"))
    }
}
