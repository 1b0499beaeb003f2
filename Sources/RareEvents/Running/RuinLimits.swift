import Statistics

/// How much work one request may ask for.
public struct RuinLimits: Sendable, Hashable {
    /// Most gamblers, n.
    public var gamblers: UInt64
    /// Most games, n·k.
    public var games: UInt64

    public init(gamblers: UInt64 = 1_000_000_000_000, games: UInt64 = 1_000_000_000_000_000) {
        self.gamblers = min(gamblers, 1 << 48)
        self.games = games
    }

    /// The most gamblers that may play `maximumGames` games each.
    public func gamblers(playing maximumGames: UInt64) -> UInt64 {
        min(gamblers, games / maximumGames)
    }

    /// Throws `InvalidParameter` naming the limit that n gamblers would break.
    public func check(gamblers n: UInt64, playing maximumGames: UInt64) throws(InvalidParameter) {
        guard n >= 1 else { throw InvalidParameter("n", "must be at least 1") }
        guard n <= gamblers else { throw InvalidParameter("n", "must be at most \(gamblers)") }
        let (product, overflow) = n.multipliedReportingOverflow(by: maximumGames)
        guard !overflow, product <= games else {
            throw InvalidParameter("n", "times k must be at most \(games) games")
        }
    }
}
