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
    private static let unit = Double(sign: .plus, exponent: 900, significand: 1)

    /// Backward dynamic programming; O(games · fortunes · outcomes).
    ///
    /// - Throws: `InvalidParameter` naming `method` where the table would be too large, or
    ///   the chance is below 1e-300.
    public init(_ ruin: GamblersRuin, check: () throws -> Void = {}) throws {
        self.ruin = ruin
        fortunes = Int(ruin.goal) - 1
        let games = Int(ruin.maximumGames)
        let (entries, overflow) = (games + 1).multipliedReportingOverflow(by: fortunes)
        guard ruin.isReachable else {
            table = []
            reference = 0
            return
        }
        guard !overflow, entries <= Self.mostEntries else {
            throw InvalidParameter(
                "method", "zero_variance needs a table of k times goal entries, at most \(Self.mostEntries)")
        }
        var h = [Double](repeating: 0, count: entries)
        let fortunes = fortunes
        for game in stride(from: games - 1, through: 0, by: -1) {
            try h.withUnsafeMutableBufferPointer { h in
                let row = game * fortunes - 1, next = row + fortunes
                for x in 1...fortunes {
                    if x & 0xFFF == 1 { try check() }
                    // Summed in the order in which walks draw: the last outcome closes the sum.
                    var sum = 0.0
                    for outcome in ruin.outcomes {
                        let there = x + Int(outcome.amount)
                        let chance = there > fortunes ? Self.unit : there <= 0 ? 0 : h[next + there]
                        sum += outcome.probability * chance
                    }
                    h[row + x] = sum
                }
            }
        }
        table = h
        reference = h[Int(ruin.start) - 1] / Self.unit
        guard reference >= 1e-300 else {
            throw InvalidParameter("method", "zero_variance needs a probability of at least 1e-300")
        }
    }

    public var gamblersPerUnit: UInt64 {
        min(max((1 << 17) / ruin.maximumGames, 1), 1 << 14)
    }

    public func simulate(
        _ numbers: Range<UInt64>, seed: UInt64, firstStream: UInt64 = 0, check: () throws -> Void = {}
    ) rethrows -> RuinMoments {
        precondition(numbers.upperBound <= 1 << 48, "gamblers are numbered below 2^48")
        guard reference > 0 else {
            // Nobody can reach the goal: there is nothing to condition on.
            return RuinMoments(
                gamblers: UInt64(numbers.count), games: 0, hits: .relativeSums(hits: 0, sum: 0, squares: 0))
        }
        var hits: UInt64 = 0, games: UInt64 = 0, sum: Int128 = 0, squares: Int128 = 0
        try table.withUnsafeBufferPointer { table in
            try ruin.outcomes.withUnsafeBufferPointer { outcomes in
                for number in numbers {
                    try check()
                    let philox = Philox(seed: seed, stream: firstStream + number)
                    let walk = try play(philox, table, outcomes, check)
                    games += walk.games
                    guard walk.weight > 0 else { continue }
                    hits += 1
                    // A difference above a thousandth would be an error of the table, not rounding.
                    let difference = min(max(walk.weight / reference - 1, -0x1p-10), 0x1p-10)
                    let r = Int128((difference * 0x1p30).rounded())
                    sum += r
                    squares += r * r
                }
            }
        }
        return RuinMoments(
            gamblers: UInt64(numbers.count), games: games,
            hits: .relativeSums(hits: hits, sum: sum, squares: squares))
    }

    /// One gambler's walk: a block of random numbers every two games. Weight 0 if it did
    /// not reach the goal.
    private func play(
        _ philox: Philox, _ table: UnsafeBufferPointer<Double>,
        _ outcomes: UnsafeBufferPointer<GamblersRuin.Outcome>, _ check: () throws -> Void
    ) rethrows -> (games: UInt64, weight: Double) {
        let goal = Int(ruin.goal), last = Int(ruin.maximumGames)
        var fortune = Int(ruin.start), weight = 1.0, game = 0
        var block = SIMD4<UInt32>()
        while game < last {
            if game & 1 == 0 { block = philox.block(at: UInt64(game / 2)) }
            if game & 0xFFFF == 0xFFFF { try check() }
            let bits = game & 1 == 0
                ? UInt64(block[1]) << 32 | UInt64(block[0]) : UInt64(block[3]) << 32 | UInt64(block[2])
            let here = table[game * fortunes + fortune - 1]
            let level = Double(bits >> 11) * 0x1p-53 * here
            let next = (game + 1) * fortunes - 1
            // The outcome where the running sum of p_j·h passes the level; else the last possible.
            var passed = 0.0, chosen = outcomes[0], mass = 0.0
            for outcome in outcomes {
                let there = fortune + Int(outcome.amount)
                let chance = there >= goal ? Self.unit : there <= 0 ? 0 : table[next + there]
                let part = outcome.probability * chance
                guard part > 0 else { continue }
                (chosen, mass) = (outcome, part)
                passed += part
                if level < passed { break }
            }
            weight *= chosen.probability * here / mass
            fortune += Int(chosen.amount)
            game += 1
            if fortune >= goal { return (UInt64(game), weight) }
            if fortune <= 0 { return (UInt64(game), 0) }
        }
        return (UInt64(game), 0)
    }
}
