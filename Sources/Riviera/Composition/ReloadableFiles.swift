import Logging
import Threads

/// The files that SIGHUP has the server read again: the certificate, the tokens and the models.
struct ReloadableFiles: Sendable {
    /// nil for plain HTTP.
    let certificate: CertificateReload?
    /// nil where requests need no token.
    let tokens: TokenReload?
    private let models: ModelReload?
    private let turns = ReloadTurns()
    private let logger: Logger

    /// - Parameter models: nil where none is served.
    /// - Throws: `SettingError` that names the file which cannot be used.
    init(_ settings: Settings, models: ModelReload?, logger: Logger) throws(SettingError) {
        self.models = models
        self.logger = logger
        certificate = try CertificateReload(settings, logger: logger)
        tokens = try TokenReload(settings, logger: logger)
    }

    /// Begins to read them, and returns at once: a file on a disk that does not answer holds up no signal.
    func reload() {
        models?.begin()
        guard certificate != nil || tokens != nil, turns.begin() else { return }
        do {
            try SystemThread.detach(name: "reload") {
                repeat {
                    certificate?.reload()
                    tokens?.reload()
                } while turns.goesOn()
            }
        } catch {
            while turns.goesOn() {}
            logger.error("nothing was read again", metadata: ["error": "\(error)"])
        }
    }
}
