/// The law of what a block of games pays, for every length of block on the kernel's
/// ladder, as tables that a draw of 63 random bits selects from.
///
/// Probabilities are integers in units of 2^-63: a single game's are rounded once, a
/// block's are convolutions of them, rounded to the nearest unit, and the tables hold
/// those integers exactly.
package struct BlockLaw: Sendable {
    /// Probability 1 in the unit of the tables.
    static let one: UInt64 = 1 << 63
    /// Bits of a block's length kept below the leading one: 4, 5, 6, 7, 8, 10, 12, 14, 16 …
    static let mantissa = 2

    /// By [rung][column]: see ck_ruin_law.
    private(set) var table: [UInt32]
    private(set) var threshold: [UInt64]
    /// What a column pays, where games are played one by one; else empty.
    let amounts: [Int64]
    let columns: Int
    let drawBits: Int
    let base: Int64
    let span: Int64
    let rise: Int64
    let fall: Int64
    let goal: Int64
    let longest: Int

    /// - Parameters:
    ///   - probabilities: of the game's outcomes, in their order.
    ///   - longestBlock: 1 draws every game by itself; `nil` leaves the choice to the law.
    package init(_ ruin: GamblersRuin, probabilities: [Double], longestBlock: Int? = nil) {
        let gains = ruin.outcomes.map(\.amount)
        base = gains.first!
        rise = ruin.largestWin
        fall = ruin.largestLoss
        goal = ruin.goal
        span = max(gains.reduce(0) { BlockLaw.greatestCommonDivisor($0, $1 - gains.first!) }, 1)
        let width = Int((gains.last! - gains.first!) / span)
        // No gambler is ever further from both barriers than this many games.
        let furthest = goal / max(rise + fall, 1) + 1
        let useful = min(Int(min(UInt64(furthest), ruin.maximumGames)), longestBlock ?? .max)
        let narrow = 127 / max(width, 1), wide = 4095 / max(width, 1)
        let isWide = wide >= 1 && (narrow < 1 || useful >= 8 * narrow)
        columns = isWide ? 12 : 7
        drawBits = isWide ? 32 : 16
        longest = max(1, min(useful, isWide ? wide : narrow))
        let single = BlockLaw.integers(probabilities)
        table = []
        threshold = []
        guard max(narrow, wide) >= 1 else {
            // The stakes are too far apart for a table by lattice points.
            amounts = gains
            append(rung: 0, single)
            return
        }
        amounts = []
        var lattice = [UInt64](repeating: 0, count: width + 1)
        for (gain, probability) in zip(gains, single) { lattice[Int((gain - base) / span)] = probability }
        var blocks = [1: lattice]
        for games in 1...longest where BlockLaw.isRung(games) {
            let half = games & 1 == 0 ? games / 2 : games - 1
            let law = blocks[games] ?? BlockLaw.sum(blocks[half]!, blocks[games - half]!)
            blocks[games] = law
            append(rung: BlockLaw.rung(games), law)
        }
    }

    static func isRung(_ games: Int) -> Bool {
        games.trailingZeroBitCount >= games.bitWidth - 1 - games.leadingZeroBitCount - mantissa
    }

    static func rung(_ games: Int) -> Int {
        let exponent = games.bitWidth - 1 - games.leadingZeroBitCount
        return exponent << mantissa | ((games << mantissa) >> exponent) & ((1 << mantissa) - 1)
    }

    private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }

    /// Probabilities in units of 2^-63, summing to 1 exactly: what rounding leaves goes to
    /// the largest.
    static func integers(_ probabilities: [Double]) -> [UInt64] {
        balanced(probabilities.map { UInt64(($0 * Double(one)).rounded()) })
    }

    /// The law of the sum of two independent draws.
    static func sum(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var wide = [UInt128](repeating: 0, count: a.count + b.count - 1)
        for (i, p) in a.enumerated() where p > 0 {
            for (j, q) in b.enumerated() where q > 0 {
                wide[i + j] += UInt128(p) * UInt128(q)
            }
        }
        return balanced(wide.map { UInt64(($0 + UInt128(one / 2)) >> 63) })
    }

    private static func balanced(_ law: [UInt64]) -> [UInt64] {
        var law = law
        let largest = law.indices.max { (law[$0], $1) < (law[$1], $0) }!
        law[largest] = law[largest] &+ (one &- law.reduce(0, &+))
        return law
    }

    /// Walker's alias table of a law, in integers: exact. Pairs each column short of its
    /// share with one that has more than its own (Vose, 1991).
    private mutating func append(rung: Int, _ law: [UInt64]) {
        let size = 1 << columns
        let share = BlockLaw.one >> UInt64(columns)
        var rest = law + [UInt64](repeating: 0, count: size - law.count)
        var short = rest.indices.filter { rest[$0] < share }, long = rest.indices.filter { rest[$0] > share }
        // Columns that keep their whole share are their own alias, and never tie.
        let whole = (0..<size).map { UInt32(0xFFFFF) << 12 | UInt32($0) }
        let begin = rung << columns
        table += [UInt32](repeating: 0, count: begin - table.count) + whole
        threshold += [UInt64](repeating: 0, count: begin - threshold.count)
            + [UInt64](repeating: share, count: size)
        let drawn = min(20, drawBits - columns)
        while let column = short.popLast() {
            let alias = long.last!
            let leading = UInt32(rest[column] >> UInt64(63 - columns - drawn))
            table[begin + column] = leading << UInt32(20 - drawn + 12) | UInt32(alias)
            threshold[begin + column] = rest[column]
            rest[alias] -= share - rest[column]
            if rest[alias] <= share {
                long.removeLast()
                if rest[alias] < share { short.append(alias) }
            }
        }
    }

    /// The probability, in units of 2^-63, with which a rung's table yields each index.
    package func probabilities(ofBlockOf games: Int) -> [UInt64] {
        let size = 1 << columns, begin = BlockLaw.rung(games) << columns
        let share = BlockLaw.one >> UInt64(columns)
        var law = [UInt64](repeating: 0, count: size)
        for column in 0..<size {
            law[column] += threshold[begin + column]
            law[Int(table[begin + column] & 0xFFF)] += share - threshold[begin + column]
        }
        return law
    }
}
