/// Whether help pays at present. The threads of a shared step wait for one another some fifty times an
/// iteration. Where other programs use the processors too, each wait may be for a thread that is not
/// running, and one thread alone is many times faster. So a step that takes twice as long with help as
/// without is followed by 8 steps without, the next such step by 16, and so on. No bit of a result depends
/// on it.
package struct HelpBackoff {
    /// The time of a step without help, near the shortest of the recent ones.
    private var alone: Duration?
    /// Steps to do without help before it is tried again.
    private var rest = 0
    /// How many those will be the next time that help does not pay.
    private var nextRest = shortestRest
    private static let shortestRest = 8, longestRest = 512

    package init() {}

    package var isWanted: Bool { rest == 0 && alone != nil }

    /// Takes in how long a step took, and by how many threads it was done.
    package mutating func note(_ time: Duration, members: Int) {
        guard members > 1, let alone else {
            // Slowly up, since the machine may have more to do than it had.
            self.alone = alone.map { min(time, $0 + (time - $0) / 8) } ?? time
            rest = max(0, rest - 1)
            return
        }
        if time > alone * 2 {
            rest = nextRest
            nextRest = min(2 * nextRest, Self.longestRest)
        }
    }
}
