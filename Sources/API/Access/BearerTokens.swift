import COpenSSL
import Compute
import Synchronization

/// The tokens that requests may carry (RFC 6750). Only their digests are kept.
public final class BearerTokens: Sendable {
    private let digests: Mutex<[[UInt8]]>

    /// - Parameter tokens: at least one, or nobody is let in
    public init(_ tokens: [String]) {
        digests = Mutex(Self.digests(of: tokens))
    }

    /// From here on these tokens are taken and no others.
    public func replace(by tokens: [String]) {
        let new = Self.digests(of: tokens)
        digests.withLock { $0 = new }
    }

    /// Whether a request that carries this token may go on.
    ///
    /// The time it takes depends on the number of tokens and on the length of this one, not on how much of it is right:
    /// what is compared are digests, all of them, byte for byte to the end.
    func admit(_ token: some Collection<UInt8>) -> Bool {
        let digest = SHA256.digest(of: Array(token))
        return digests.withLock { digests in
            digests.reduce(false) { CRYPTO_memcmp($1, digest, digest.count) == 0 || $0 }
        }
    }

    private static func digests(of tokens: [String]) -> [[UInt8]] {
        tokens.map { SHA256.digest(of: Array($0.utf8)) }
    }
}
