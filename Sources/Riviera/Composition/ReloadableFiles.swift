import API
import HTTP
import Logging
import Streams

/// The files that SIGHUP has the server read again: the certificate, the tokens and the models.
struct ReloadableFiles: Sendable {
    /// nil for plain HTTP.
    let tls: TLSIdentity?
    /// nil where requests need no token.
    let tokens: BearerTokens?
    private let models: ModelReload?
    private let settings: Settings
    private let logger: Logger

    /// - Parameter models: nil where none is served.
    /// - Throws: `SettingError` that names the file which cannot be used.
    init(_ settings: Settings, models: ModelReload?, logger: Logger) throws(SettingError) {
        self.models = models
        self.settings = settings
        self.logger = logger
        tls = try TLSIdentity(settings)
        tokens = try settings.bearerTokens().map(BearerTokens.init)
        warn()
    }

    /// Reads them again. A file that cannot be used leaves what there was in use.
    func reload() {
        reloadCertificate()
        reloadTokens()
        models?.begin()
    }

    private func reloadCertificate() {
        guard let tls else { return }
        do throws(TLSError) {
            try tls.reload()
            logger.notice("the certificate was read again", metadata: ["until": "\(tls.expiry ?? "-")"])
            warn()
        } catch {
            logger.error(
                "the certificate was not read again: the old one stays in use", metadata: ["error": "\(error)"])
        }
    }

    private func reloadTokens() {
        guard let tokens, settings.string(ifSet: "http.token_file") != nil else { return }
        do throws(SettingError) {
            let new = try settings.bearerTokens() ?? []
            tokens.replace(by: new)
            logger.notice("the tokens were read again", metadata: ["tokens": .stringConvertible(new.count)])
        } catch {
            logger.error("the tokens were not read again: the old ones stay in use", metadata: ["error": "\(error)"])
        }
    }

    private func warn() {
        for warning in tls?.warnings ?? [] { logger.warning("certificate", metadata: ["warning": "\(warning)"]) }
    }
}

extension Settings {
    /// Bytes: more than a thousand of the longest tokens take.
    private static let longestTokenFile = 2 << 20

    /// The tokens of http.token_file and RIVIERA_HTTP_TOKENS together; nil where neither is set.
    ///
    /// - Throws: `SettingError` that shows none of them.
    package func bearerTokens() throws(SettingError) -> [String]? {
        let path = string(ifSet: "http.token_file")
        guard path != nil || tokens != nil else { return nil }
        do {
            var all: [String] = []
            if let path {
                all += try TokenList.tokens(inFile: readFile(path, atMost: Self.longestTokenFile), name: path)
            }
            if let tokens { all += try TokenList.tokens(inList: tokens, name: "RIVIERA_HTTP_TOKENS") }
            return all
        } catch let error as FileError {
            throw SettingError(error)
        } catch let error as TokenList.Failure {
            throw SettingError(error)
        } catch {
            throw SettingError(contradiction: "\(error)")
        }
    }
}
