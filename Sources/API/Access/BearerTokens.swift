import COpenSSL
import Compute
import Synchronization

/// The tokens that requests may carry (RFC 6750). Only their digests are kept.
public final class BearerTokens: Sendable {
    private struct State {
        /// Without repetition.
        var valid: [[UInt8]]
        /// Those, and those that were valid before the last change: what is logged now may have begun then.
        var known: Set<[UInt8]>
    }

    private let state: Mutex<State>

    /// - Parameter tokens: where there are none, nobody is let in
    public init(_ tokens: [String]) {
        let digests = Self.digests(of: tokens)
        state = Mutex(State(valid: Array(digests), known: digests))
    }

    /// From here on these tokens are taken and no others.
    ///
    /// - Returns: whether they are other ones than before.
    @discardableResult
    public func replace(by tokens: [String]) -> Bool {
        let new = Self.digests(of: tokens)
        return state.withLock { state in
            let old = Set(state.valid)
            guard new != old else { return false }
            state = State(valid: Array(new), known: new.union(old))
            return true
        }
    }

    /// How many different ones there are.
    public var count: Int { state.withLock(\.valid).count }

    /// Whether a request that carries this token may go on.
    ///
    /// The time it takes depends on the number of tokens and on the length of this one, not on how much of it is right:
    /// what is compared are digests, all of them, byte for byte to the end.
    package func admit(_ token: some Collection<UInt8>) -> Bool {
        let digest = SHA256.digest(of: Array(token))
        return state.withLock { state in
            state.valid.reduce(false) { CRYPTO_memcmp($1, digest, digest.count) == 0 || $0 }
        }
    }

    /// What a log calls a token: the first eight hexadecimal digits of its SHA-256.
    ///
    /// - Parameter isRefused: the token has been refused, as the log says beside it; others get a name only if they are, or were
    ///   lately, valid, so that nobody can look like somebody else.
    func name(of token: some Collection<UInt8>, isRefused: Bool) -> String? {
        let digest = SHA256.digest(of: Array(token))
        guard isRefused || state.withLock({ $0.known.contains(digest) }) else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.prefix(4).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func digests(of tokens: [String]) -> Set<[UInt8]> {
        Set(tokens.map { SHA256.digest(of: Array($0.utf8)) })
    }
}
