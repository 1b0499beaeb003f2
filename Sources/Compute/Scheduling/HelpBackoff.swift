/// Whether help pays at present. Members of a team meet some fifty times an iteration; where other
/// programs use the processors too, each meeting may wait for a thread that is not running, and one
/// thread alone is many times faster. Judged by the time of the work itself; no bit of a result
/// depends on it.
package struct HelpBackoff {
    /// The time of a step without help: the best one lately.
    private var alone: Duration?
    /// Iterations to do without help before it is tried again.
    private var rest = 0
    /// How many those are to be after the next disappointment.
    private var nextRest = shortestRest
    private static let shortestRest = 8, longestRest = 512

    package init() {}

    package var isWanted: Bool { rest == 0 && alone != nil }

    /// Takes in how long an iteration took, and by how many threads.
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
