import HTTP
import Logging
import Metrics

/// The server's certificate and its key, and those of the authorities of its clients: read again while they are served.
package struct CertificateReload: Sendable {
    package let identity: TLSIdentity
    private let logger: Logger
    private let counters: ReloadCounters
    private let end: Gauge

    /// nil where the settings name none.
    ///
    /// - Throws: `SettingError` that names the file which cannot be used.
    package init?(_ settings: Settings, logger: Logger) throws(SettingError) {
        guard let identity = try TLSIdentity(settings) else { return nil }
        self.identity = identity
        self.logger = logger
        // Only now: a server without a certificate has none that ended in 1970.
        counters = ReloadCounters("riviera_tls_certificate_reloads")
        end = Gauge(label: "riviera_tls_certificate_not_after_seconds")
        tell()
    }

    /// Reads the files. Where they cannot be used, what there was stays in use.
    @discardableResult
    package func reload() -> ReloadOutcome {
        let outcome = readAgain()
        counters.count(outcome)
        return outcome
    }

    private func readAgain() -> ReloadOutcome {
        do throws(TLSError) {
            let isNew = try identity.reload()
            logger.notice(
                isNew ? "the certificate was read again" : "the certificate's files are as before",
                metadata: ["until": "\(identity.expiry ?? "-")"])
            tell()
            return isNew ? .replaced : .unchanged
        } catch {
            logger.error(
                "the certificate was not read again: the old one stays in use", metadata: ["error": "\(error)"])
            return .failed
        }
    }

    private func tell() {
        if let seconds = identity.expirySeconds { end.record(Int64(seconds)) }
        for warning in identity.warnings { logger.warning("certificate", metadata: ["warning": "\(warning)"]) }
    }
}
