import Statistics

/// Doob's h-transform: every game is drawn conditionally on reaching the goal in time, so
/// each gambler reaches it and carries the same weight, the probability itself.
///
/// With h(t, x) the chance to reach the goal from fortune x after t games, outcome j has
/// probability p_j·h(t+1, x + a_j)/h(t, x). The weight is accumulated along the walk as the
/// product of p_j/q_j, for the q_j that were really drawn from: the estimate is unbiased
/// even if h were wrong, and only its error tells.
public struct DoobTransform: WalkSampler {
    public let ruin: GamblersRuin
    /// Most entries (games × fortunes) of the table of h: 32 MiB.
    public static let mostEntries = 1 << 22
    /// h(0, start): the weight that all gamblers have, up to rounding.
    public let reference: Double

    /// h·2^900 by [game][fortune − 1]: small chances keep their digits.
    private let table: [Double]
    private let fortunes: Int
    fileprivate static let unit = Double(sign: .plus, exponent: 900, significand: 1)

    /// - Throws: as `Construction` does, or what `check` throws.
    /// - Parameter check: called every few milliseconds; what it throws ends the work.
    public init(_ ruin: GamblersRuin, check: () throws -> Void = {}) throws {
        var construction = try Construction(ruin)
        while true {
            try check()
            if let transform = try construction.advance() {
                self = transform
                return
            }
        }
    }

    /// The table's backward dynamic programming, in time slices; O(games · fortunes · outcomes).
    struct Construction: Sendable {
        private let ruin: GamblersRuin
        private let fortunes: Int
        private var h: [Double]
        /// The entry to work out next.
        private var game: Int
        private var fortune = 1
        private static let slice = 1 << 17

        /// - Throws: `InvalidParameter` naming `method` where the table would be too large.
        init(_ ruin: GamblersRuin) throws(InvalidParameter) {
            self.ruin = ruin
            fortunes = Int(ruin.goal) - 1
            let games = Int(ruin.maximumGames)
            guard ruin.isReachable else {
                h = []
                game = -1
                return
            }
            let (entries, overflow) = (games + 1).multipliedReportingOverflow(by: fortunes)
            guard !overflow, entries <= DoobTransform.mostEntries else {
                throw InvalidParameter(
                    "method",
                    "zero_variance needs a table of k times goal entries, at most \(DoobTransform.mostEntries)")
            }
            h = [Double](repeating: 0, count: entries)
            game = games - 1
        }

        /// Works for about a millisecond.
        ///
        /// - Returns: the transform, once its table is complete.
        /// - Throws: `InvalidParameter` naming `method` where the chance is below 1e-300.
        mutating func advance() throws(InvalidParameter) -> DoobTransform? {
            guard ruin.isReachable else { return DoobTransform(ruin, [], reference: 0) }
            var budget = Self.slice
            while game >= 0 && budget > 0 {
                let end = min(fortunes, fortune + budget / ruin.outcomes.count)
                workOut(fortune...end)
                budget -= (end - fortune + 1) * ruin.outcomes.count
                fortune = end + 1
                if fortune > fortunes { (game, fortune) = (game - 1, 1) }
            }
            guard game < 0 else { return nil }
            let reference = h[Int(ruin.start) - 1] / DoobTransform.unit
            guard reference >= 1e-300 else {
                throw InvalidParameter("method", "zero_variance needs a probability of at least 1e-300")
            }
            return DoobTransform(ruin, h, reference: reference)
        }

        private mutating func workOut(_ range: ClosedRange<Int>) {
            let row = game * fortunes - 1, next = row + fortunes
            h.withUnsafeMutableBufferPointer { h in
                for x in range {
                    // Summed in the order in which walks draw: the last outcome closes the sum.
                    var sum = 0.0
                    for outcome in ruin.outcomes {
                        let there = x + Int(outcome.amount)
                        let chance = there > fortunes ? DoobTransform.unit : there <= 0 ? 0 : h[next + there]
                        sum += outcome.probability * chance
                    }
                    h[row + x] = sum
                }
            }
        }
    }

    private init(_ ruin: GamblersRuin, _ table: [Double], reference: Double) {
        self.ruin = ruin
        self.table = table
        self.reference = reference
        fortunes = Int(ruin.goal) - 1
    }

    /// The bytes of the table; 0 where it would be too large.
    static func memory(for ruin: GamblersRuin) -> Int {
        let (entries, overflow) = (Int(ruin.maximumGames) + 1).multipliedReportingOverflow(by: Int(ruin.goal) - 1)
        return overflow || entries > mostEntries ? 0 : 8 * entries
    }

    public var gamblersPerUnit: UInt64 {
        min(max((1 << 17) / ruin.maximumGames, 1), 1 << 14)
    }

    public func walks(of numbers: Range<UInt64>, seed: UInt64, firstStream: UInt64) -> any Walks {
        ConditionedWalks(numbers, self, seed: seed, firstStream: firstStream)
    }
}

/// Walks of the transformed game, one after the other.
private struct ConditionedWalks: Walks {
    private let transform: DoobTransform
    private let numbers: Range<UInt64>
    private let seed, firstStream: UInt64
    /// The gambler who plays, the games played, the fortune and the weight so far.
    private var number: UInt64
    private var game = 0, fortune: Int, weight = 1.0
    private var hits: UInt64 = 0, games: UInt64 = 0, sum: Int128 = 0, squares: Int128 = 0
    /// Games in a time slice.
    private static let slice = 1 << 16

    init(_ numbers: Range<UInt64>, _ transform: DoobTransform, seed: UInt64, firstStream: UInt64) {
        precondition(numbers.upperBound <= 1 << 48, "gamblers are numbered below 2^48")
        self.transform = transform
        self.numbers = numbers
        self.seed = seed
        self.firstStream = firstStream
        number = numbers.lowerBound
        fortune = Int(transform.ruin.start)
    }

    mutating func advance() -> RuinMoments? {
        // Nobody can reach an unreachable goal: there is nothing to condition on.
        if transform.reference > 0 {
            var budget = Self.slice
            while number < numbers.upperBound {
                guard play(&budget) else { return nil }
                endWalk()
            }
        }
        return RuinMoments(
            gamblers: UInt64(numbers.count), games: games,
            hits: .relativeSums(hits: hits, sum: sum, squares: squares))
    }

    private mutating func endWalk() {
        games += UInt64(game)
        if weight > 0 {
            hits += 1
            // Within a thousandth: further off the table would be wrong, not rounded.
            let difference = min(max(weight / transform.reference - 1, -0x1p-10), 0x1p-10)
            let r = Int128((difference * 0x1p30).rounded())
            sum += r
            squares += r * r
        }
        number += 1
        (game, fortune, weight) = (0, Int(transform.ruin.start), 1)
    }

    /// Plays on for one gambler: a block of random numbers every two games. Weight 0 if the goal is not
    /// reached.
    ///
    /// - Returns: whether the walk has ended.
    private mutating func play(_ budget: inout Int) -> Bool {
        let philox = Philox(seed: seed, stream: firstStream + number)
        let goal = Int(transform.ruin.goal), last = Int(transform.ruin.maximumGames)
        var fortune = fortune, weight = weight, game = game
        defer { (self.fortune, self.weight, self.game) = (fortune, weight, game) }
        return transform.withTable { table, fortunes, outcomes in
            var block = SIMD4<UInt32>()
            while game < last {
                if game & 1 == 0 {
                    if budget <= 0 { return false }
                    budget -= 2
                    block = philox.block(at: UInt64(game / 2))
                }
                let bits =
                    game & 1 == 0
                    ? UInt64(block[1]) << 32 | UInt64(block[0]) : UInt64(block[3]) << 32 | UInt64(block[2])
                let here = table[game * fortunes + fortune - 1]
                let level = Double(bits >> 11) * 0x1p-53 * here
                let next = (game + 1) * fortunes - 1
                // The outcome where the running sum of p_j·h passes the level; else the last possible.
                var passed = 0.0, chosen = outcomes[0], mass = 0.0
                for outcome in outcomes {
                    let there = fortune + Int(outcome.amount)
                    let chance = there >= goal ? DoobTransform.unit : there <= 0 ? 0 : table[next + there]
                    let part = outcome.probability * chance
                    guard part > 0 else { continue }
                    (chosen, mass) = (outcome, part)
                    passed += part
                    if level < passed { break }
                }
                weight *= chosen.probability * here / mass
                fortune += Int(chosen.amount)
                game += 1
                if fortune >= goal { return true }
                if fortune <= 0 { break }
            }
            weight = 0
            return true
        }
    }
}

extension DoobTransform {
    fileprivate func withTable<Result>(
        _ body: (UnsafeBufferPointer<Double>, _ fortunes: Int, UnsafeBufferPointer<GamblersRuin.Outcome>) -> Result
    ) -> Result {
        table.withUnsafeBufferPointer { table in
            ruin.outcomes.withUnsafeBufferPointer { body(table, fortunes, $0) }
        }
    }
}
