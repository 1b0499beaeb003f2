/// How a gambler reached the goal: an importance weight depends on nothing else.
public struct HittingEvent: Sendable, Hashable, Comparable {
    /// Games played when the goal was reached.
    public var games: UInt64
    /// The fortune then: the goal or above it.
    public var position: Int64

    public init(games: UInt64, position: Int64) {
        self.games = games
        self.position = position
    }

    public static func < (a: HittingEvent, b: HittingEvent) -> Bool {
        (a.games, a.position) < (b.games, b.position)
    }
}
