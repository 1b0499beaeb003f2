import ArgumentParser
import Client
import Glibc
import Streams

/// `riviera health`
struct Health: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a running server on this machine whether it is well.",
        discussion: """
            Exits with 0 if it is and with 1 if it is not or does not answer: a container's HEALTHCHECK, \
            or a probe by exec. It asks where the same settings would make a server listen.

            Example: riviera health --ready --port 8080
            """)

    @Flag(help: "Ask whether it takes requests (/health/ready) rather than whether it lives (/health/live).")
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
