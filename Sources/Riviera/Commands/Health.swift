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
            or an exec probe. It asks at the Unix socket that --http-unix-socket names; without that flag at the first \
            address where a server with the same settings would listen, or at their Unix socket where clients need \
            certificates.

            Example: riviera health --ready --port 8080
            """)

    @Flag(help: "Ask whether it is ready for requests (/health/ready) rather than alive (/health/live).")
    var ready = false

    @Flag(help: "Ask by HTTPS. Implied where http.tls_certificate is set; the certificate is not looked at.")
    var tls = false

    @OptionGroup var flags: SettingFlags<ClientScope>

    func run() throws {
        let settings = try Settings(flags)
        let path = ready ? "/health/ready" : "/health/live"
        let isSecure = tls || settings.string(ifSet: "http.tls_certificate") != nil
        let needsCertificate = settings.string(ifSet: "http.tls_client_ca") != nil
        do {
            guard let address = try address(settings, needsCertificate: needsCertificate) else {
                complain("http.host and http.unix_socket are both empty: there is nowhere to ask")
                throw ExitCode(1)
            }
            var isTCP = false
            if case .tcp = address { isTCP = true }
            let probe = HealthProbe(address, isSecure: isSecure && isTCP, timeout: .seconds(2))
            let status = try probe.status(of: path)
            if status == 200 { return }
            complain("\(path) answers \(status)")
        } catch let exit as ExitCode {
            throw exit
        } catch {
            complain("\(error)")
        }
        throw ExitCode(1)
    }

    /// The socket that a flag names, else the first address of the settings, an unspecified one as this machine's own; nil
    /// without any.
    private func address(_ settings: Settings, needsCertificate: Bool) throws -> HealthProbe.Address? {
        if let path = flags.texts["http.unix_socket"] { return .unix(path: path) }
        if needsCertificate {
            if let path = settings.string(ifSet: "http.unix_socket") { return .unix(path: path) }
            throw SettingError(
                contradiction: "http.tls_client_ca asks clients for certificates and a probe has none: "
                    + "set http.unix_socket, too, for probes, or --http-unix-socket here")
        }
        let host = settings.string("http.host").split(separator: ",").first.map(String.init)
        guard let host else { return settings.string(ifSet: "http.unix_socket").map { .unix(path: $0) } }
        let reachable = ["0.0.0.0": "127.0.0.1", "*": "127.0.0.1", "::": "::1", "[::]": "::1"][host] ?? host
        return .tcp(host: reachable, port: settings.int("http.port"))
    }
}
