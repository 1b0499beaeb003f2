extension HittingLaw {
    /// The law's forward dynamic programming, in time slices.
    struct Recursion: Sendable {
        enum Progress {
            case unfinished
            case finished(HittingLaw)
            /// Beyond the sizes that `ExactRuin` states.
            case tooLarge
        }

        private let ruin: GamblersRuin
        private let tilt: ExponentialTilt
        private let steps: [Step]
        private let overshoots: [Int]
        /// Counted from the floor.
        private let goal: Int
        /// f_t and f_{t+1} by fortune; what is not alive is 0 in both.
        private var now: [Double], next: [Double]
        /// The fortunes of those who play.
        private var alive: Range<Int>
        private var hits: [Double] = []
        private var total = 0.0
        private var updates = 0
        /// The game that is being played, and of its steps the next.
        private var game = 1
        private var step = 0
        private var isCutShort = false

        /// Updates in a time slice.
        private static let slice = 1 << 17

        private struct Step {
            var amount: Int
            var probability: Double
            /// An overshoot of o by this outcome is counted in column o − column.
            var column: Int
        }

        /// The floor that fortunes are counted from: just below what all games lost would leave.
        private static func floor(of ruin: GamblersRuin) -> Int {
            let (allLost, overflow) = Int(ruin.maximumGames).multipliedReportingOverflow(by: Int(ruin.largestLoss))
            return overflow ? 0 : max(0, Int(ruin.start) - 1 - allLost)
        }

        /// The bytes that a recursion may need: two rows of fortunes, and the events.
        static func memory(for ruin: GamblersRuin) -> Int {
            let goal = Int(ruin.goal) - floor(of: ruin)
            guard ruin.isReachable, goal <= ExactRuin.mostFortunes else { return 0 }
            let (events, overflow) = Int(ruin.maximumGames).multipliedReportingOverflow(by: Int(ruin.largestWin))
            return 16 * goal + 48 * (overflow ? ExactRuin.mostEvents : min(events, ExactRuin.mostEvents))
        }

        /// - Returns: `nil` beyond the sizes that `ExactRuin` states.
        init?(_ ruin: GamblersRuin, under tilt: ExponentialTilt) {
            let floor = Self.floor(of: ruin)
            goal = Int(ruin.goal) - floor
            guard ruin.isReachable, goal <= ExactRuin.mostFortunes else { return nil }
            guard let layout = Self.layout(ruin, goal) else { return nil }
            self.ruin = ruin
            self.tilt = tilt
            overshoots = layout.overshoots
            steps = zip(zip(ruin.outcomes, tilt.probabilities(of: ruin)), layout.columns).map {
                Step(amount: Int($0.0.amount), probability: $0.1, column: $1)
            }
            now = [Double](repeating: 0, count: goal)
            next = now
            alive = Int(ruin.start) - floor..<Int(ruin.start) - floor + 1
            now[alive.lowerBound] = 1
        }

        /// Works for about a millisecond.
        mutating func advance() -> Progress {
            var budget = Self.slice
            while budget > 0 {
                let isOver = isCutShort || alive.isEmpty || game > Int(ruin.maximumGames)
                if step == 0 {
                    if isOver { return .finished(law) }
                    updates += alive.count * steps.count + overshoots.count
                    guard updates <= ExactRuin.mostUpdates,
                        hits.count + overshoots.count <= ExactRuin.mostEvents
                    else { return .tooLarge }
                    hits.append(contentsOf: repeatElement(0, count: overshoots.count))
                }
                let inside = inside
                budget -= alive.count + overshoots.count
                Self.play(
                    steps[step], from: now, alive, into: &next, inside, goal: goal,
                    row: hits.count - overshoots.count, hits: &hits)
                step += 1
                if step == steps.count { endGame(inside) }
            }
            return .unfinished
        }

        private var law: HittingLaw {
            HittingLaw(
                masses: hits, positions: overshoots.map { ruin.goal + Int64($0) }, start: ruin.start,
                isComplete: !isCutShort, tilt: tilt)
        }

        /// The fortunes after this game from which the goal can still be reached.
        private var inside: Range<Int> {
            let win = Int(ruin.largestWin)
            let (reach, far) = (Int(ruin.maximumGames) - game).multipliedReportingOverflow(by: win)
            let lowest = max(1, far ? 1 : goal - reach, alive.lowerBound - Int(ruin.largestLoss))
            let highest = min(goal - 1, alive.upperBound - 1 + win)
            return lowest..<max(lowest, highest + 1)
        }

        /// One outcome of one game: next[x] += p_j·now[x − a_j] inside, the same into `hits` from the goal on.
        private static func play(
            _ step: Step, from now: [Double], _ alive: Range<Int>, into next: inout [Double],
            _ inside: Range<Int>, goal: Int, row: Int, hits: inout [Double]
        ) {
            let (amount, probability) = (step.amount, step.probability)
            now.withUnsafeBufferPointer { now in
                next.withUnsafeMutableBufferPointer { next in
                    let low = max(alive.lowerBound, inside.lowerBound - amount)
                    let high = min(alive.upperBound, inside.upperBound - amount)
                    if low < high {
                        for x in low..<high { next[x + amount] += probability * now[x] }
                    }
                    for x in max(alive.lowerBound, goal - amount)..<max(alive.upperBound, goal - amount) {
                        hits[row + x + amount - goal - step.column] += probability * now[x]
                    }
                }
            }
        }

        private mutating func endGame(_ inside: Range<Int>) {
            for x in alive { now[x] = 0 }
            swap(&now, &next)
            alive = Self.trimmed(inside, of: now)
            total += hits[(hits.count - overshoots.count)...].reduce(0, +)
            if game & 0xFF == 0 && now[alive].reduce(0, +) < total * 0x1p-70 {
                isCutShort = !alive.isEmpty && game < Int(ruin.maximumGames)
                if !isCutShort { alive = alive.lowerBound..<alive.lowerBound }
            }
            (game, step) = (game + 1, 0)
        }

        /// The overshoots that can happen, ascending, and for each outcome the number to take
        /// from its overshoots for their index. Those of one outcome are neighbours, so whoever
        /// wins little or a fortune needs no columns in between.
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

        private static func trimmed(_ range: Range<Int>, of values: [Double]) -> Range<Int> {
            var (low, high) = (range.lowerBound, range.upperBound)
            while low < high && values[low] == 0 { low += 1 }
            while low < high && values[high - 1] == 0 { high -= 1 }
            return low..<high
        }
    }
}
