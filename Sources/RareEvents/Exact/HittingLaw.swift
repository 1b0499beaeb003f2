import Statistics

/// The exact distribution of when, and where, the gambler reaches the goal.
///
/// Forward dynamic programming: f_t(x) is the probability that the gambler still plays
/// after t games and then owns x. Every step adds products of non-negative numbers, so
/// nothing cancels and each probability keeps the digits of t additions.
struct HittingLaw: Sendable {
    /// P(event) = masses[(games − 1)·positions.count + i], position = positions[i], for a
    /// gambler tilted so.
    let masses: [Double]
    /// The fortunes that a game can end at from the goal on, ascending.
    let positions: [Int64]
    let start: Int64
    /// Whether all games allowed were played, or the gamblers died out. Else those still
    /// playing would not have changed the last bit of the sum of the masses.
    let isComplete: Bool
    /// The tilt under which the masses were found; none unless they underflowed without.
    let tilt: ExponentialTilt

    /// - Parameter check: called every few thousand updates; throws to give up.
    /// - Returns: `nil` beyond the sizes that `ExactRuin` states.
    init?(_ ruin: GamblersRuin, under tilt: ExponentialTilt, check: () throws -> Void) throws {
        // Fortunes are counted from a floor just below what all games lost would leave.
        let games = Int(ruin.maximumGames), win = Int(ruin.largestWin), loss = Int(ruin.largestLoss)
        let (allLost, overflow) = games.multipliedReportingOverflow(by: loss)
        let floor = overflow ? 0 : max(0, Int(ruin.start) - 1 - allLost)
        let goal = Int(ruin.goal) - floor
        guard ruin.isReachable, goal <= ExactRuin.mostFortunes else { return nil }
        guard let layout = HittingLaw.layout(ruin, goal) else { return nil }
        let steps = zip(zip(ruin.outcomes, tilt.probabilities(of: ruin)), layout.columns).map {
            Step(amount: Int($0.0.amount), probability: $0.1, column: $1)
        }
        let width = layout.overshoots.count
        // Entries outside `alive` are 0 in both.
        var now = [Double](repeating: 0, count: goal), next = now
        var hits: [Double] = []
        var alive = Int(ruin.start) - floor..<Int(ruin.start) - floor + 1
        now[alive.lowerBound] = 1
        var updates = 0, unchecked = 0, total = 0.0, stopped = false
        for played in 1...games {
            if alive.isEmpty { break }
            let cost = alive.count * steps.count + width
            updates += cost
            unchecked += cost
            guard updates <= ExactRuin.mostUpdates, hits.count + width <= ExactRuin.mostEvents else { return nil }
            if unchecked > 1 << 16 {
                try check()
                unchecked = 0
            }
            // Fortunes from which the goal is out of reach need not be followed.
            let (reach, far) = (games - played).multipliedReportingOverflow(by: win)
            let lowest = max(1, far ? 1 : goal - reach, alive.lowerBound - loss)
            let highest = min(goal - 1, alive.upperBound - 1 + win)
            let inside = lowest..<max(lowest, highest + 1)
            hits.append(contentsOf: repeatElement(0, count: width))
            HittingLaw.play(steps, from: &now, alive, into: &next, inside, goal: goal, row: hits.count - width, hits: &hits)
            swap(&now, &next)
            alive = HittingLaw.trimmed(inside, of: now)
            total += hits[(hits.count - width)...].reduce(0, +)
            if played & 0xFF == 0 && now[alive].reduce(0, +) < total * 0x1p-70 {
                stopped = !alive.isEmpty && played < games
                break
            }
        }
        isComplete = !stopped
        masses = hits
        positions = layout.overshoots.map { ruin.goal + Int64($0) }
        start = ruin.start
        self.tilt = tilt
    }

    private struct Step {
        var amount: Int
        var probability: Double
        /// An overshoot of o by this outcome is counted in column o − column.
        var column: Int
    }

    /// The overshoots that can happen, ascending, and for each outcome the number to take
    /// from its overshoots for their index. Those of one outcome are neighbours, so a game
    /// that wins either little or very much needs no columns in between.
    ///
    /// - Returns: `nil` beyond the sizes that `ExactRuin` states.
    private static func layout(_ ruin: GamblersRuin, _ goal: Int) -> (overshoots: [Int], columns: [Int])? {
        var overshoots: [Int] = [], columns: [Int] = []
        for outcome in ruin.outcomes {
            let amount = Int(outcome.amount)
            // From 1 … goal − 1. Ascending outcomes begin and end no lower than those before.
            let from = max(0, amount + 1 - goal), new = max(from, (overshoots.last ?? -1) + 1)
            guard amount - new <= ExactRuin.mostEvents - overshoots.count else { return nil }
            let before = overshoots.firstIndex { $0 >= from } ?? overshoots.count
            if new < amount { overshoots.append(contentsOf: new..<amount) }
            columns.append(from - before)
        }
        return (overshoots, columns)
    }

    /// One game: next[x] = Σ_j p_j·now[x − a_j] inside, the same into `hits` from the goal
    /// on; then clears what was read.
    private static func play(
        _ steps: [Step], from now: inout [Double], _ alive: Range<Int>, into next: inout [Double],
        _ inside: Range<Int>, goal: Int, row: Int, hits: inout [Double]
    ) {
        now.withUnsafeMutableBufferPointer { now in
            next.withUnsafeMutableBufferPointer { next in
                for step in steps {
                    let (amount, probability) = (step.amount, step.probability)
                    let low = max(alive.lowerBound, inside.lowerBound - amount)
                    let high = min(alive.upperBound, inside.upperBound - amount)
                    if low < high {
                        for x in low..<high { next[x + amount] += probability * now[x] }
                    }
                    for x in max(alive.lowerBound, goal - amount)..<max(alive.upperBound, goal - amount) {
                        hits[row + x + amount - goal - step.column] += probability * now[x]
                    }
                }
                for x in alive { now[x] = 0 }
            }
        }
    }

    private static func trimmed(_ range: Range<Int>, of values: [Double]) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high && values[low] == 0 { low += 1 }
        while low < high && values[high - 1] == 0 { high -= 1 }
        return low..<high
    }

    /// Whether all of the mass is in one event.
    var hasOneEvent: Bool { isComplete && masses.lazy.filter { $0 > 0 }.prefix(2).count < 2 }

    /// The events of positive mass in ascending order, each with the logarithm of its
    /// probability for an untilted gambler.
    func logProbabilities() -> [(event: HittingEvent, logProbability: Double)] {
        masses.indices.filter { masses[$0] > 0 }.map { index in
            let event = HittingEvent(
                games: UInt64(index / positions.count) + 1, position: positions[index % positions.count])
            return (event, ElementaryFunction.log(masses[index]) + tilt.logWeight(of: event, start: start))
        }
    }
}
