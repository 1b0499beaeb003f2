import API
import Logging
import Metrics
import Streams

/// The tokens of a file, read again while they are asked for.
package struct TokenReload: Sendable {
    package let tokens: BearerTokens
    private let settings: Settings
    private let logger: Logger
    private let counters: ReloadCounters
    private let count: Gauge

    /// nil where requests need no token.
    ///
    /// - Throws: `SettingError` that names the line which is no token, or the file which has none: at the start, somebody looks.
    package init?(_ settings: Settings, logger: Logger) throws(SettingError) {
        guard let lists = try settings.tokenLists() else { return nil }
        tokens = BearerTokens(try lists.checked())
        self.settings = settings
        self.logger = logger
        counters = ReloadCounters("riviera_token_reloads")
        count = Gauge(label: "riviera_http_tokens")
        count.record(Int64(tokens.count))
        tell(lists.warning)
    }

    /// Reads the file, where there is one. Its tokens are taken from then on and no others, whatever its other lines are: a token
    /// whose line was removed is refused. Only a file that cannot be read leaves the old ones in use.
    @discardableResult
    package func reload() -> ReloadOutcome {
        guard let path = settings.string(ifSet: "http.token_file") else { return .unchanged }
        let outcome = readAgain(path)
        counters.count(outcome)
        return outcome
    }

    private func readAgain(_ path: String) -> ReloadOutcome {
        do throws(SettingError) {
            guard let lists = try settings.tokenLists() else { return .unchanged }
            let isNew = tokens.replace(by: lists.tokens)
            count.record(Int64(tokens.count))
            logger.notice(
                isNew ? "the tokens were read again" : "the tokens are as before",
                metadata: ["tokens": .stringConvertible(tokens.count)])
            for failure in lists.failures { tell(failure.description) }
            tell(lists.warning)
            if lists.hasNone {
                logger.error(
                    lists.tokens.isEmpty
                        ? "the file has no token: every token is refused"
                        : "the file has no token: those of RIVIERA_HTTP_TOKENS alone are taken",
                    metadata: ["file": "\(path)"])
            }
            return !lists.failures.isEmpty ? .failed : isNew ? .replaced : .unchanged
        } catch {
            logger.error("the tokens were not read again: the old ones stay in use", metadata: ["error": "\(error)"])
            return .failed
        }
    }

    private func tell(_ warning: String?) {
        if let warning { logger.warning("tokens", metadata: ["warning": "\(warning)"]) }
    }
}

/// The tokens of http.token_file and RIVIERA_HTTP_TOKENS.
struct TokenLists {
    fileprivate let file: TokenList?
    fileprivate let variable: TokenList?
    /// What an operator should know of the file.
    let warning: String?

    /// All that can be used.
    var tokens: [String] { (file?.tokens ?? []) + (variable?.tokens ?? []) }
    var failures: [TokenList.Failure] { (file?.failures ?? []) + (variable?.failures ?? []) }
    /// Whether there is a file, without a token.
    var hasNone: Bool { file?.tokens.isEmpty ?? false }

    /// All of them, where nothing is wrong and neither place is empty.
    ///
    /// - Throws: `SettingError` that shows none of them.
    func checked() throws(SettingError) -> [String] {
        do throws(TokenList.Failure) {
            return (try file?.checked() ?? []) + (try variable?.checked() ?? [])
        } catch {
            throw SettingError(error)
        }
    }
}

extension Settings {
    /// Bytes: more than a thousand of the longest tokens take.
    private static let longestTokenFile = 2 << 20

    /// nil where neither is set.
    ///
    /// - Throws: `SettingError` where the file cannot be read.
    func tokenLists() throws(SettingError) -> TokenLists? {
        let path = string(ifSet: "http.token_file")
        guard path != nil || tokens != nil else { return nil }
        let variable = tokens.map { TokenList(inList: $0, name: "RIVIERA_HTTP_TOKENS") }
        guard let path else { return TokenLists(file: nil, variable: variable, warning: nil) }
        do throws(FileError) {
            let file = try SecretFile(path, atMost: Self.longestTokenFile)
            let list = file.withUnsafeBytes { TokenList(inFile: Array($0), name: path) }
            return TokenLists(file: list, variable: variable, warning: file.warning)
        } catch {
            throw SettingError(error)
        }
    }
}
