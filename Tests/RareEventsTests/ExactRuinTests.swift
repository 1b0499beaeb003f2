import RareEvents
import Statistics
import Testing

@Suite struct ExactRuinTests {
    private func exact(_ ruin: GamblersRuin) throws -> ExactRuin { try #require(try ExactRuin(ruin)) }

    @Test func redAtRouletteFromOneHundredToTwoHundred() throws {
        let found = try exact(GamblersRuin())
        #expect((found.probability / 2.3883834506069734e-06 - 1).magnitude < 1e-13)
    }

    /// Ruin without an upper barrier, seen from the other side: who owns more than all
    /// games can lose wins `capital` if the gambler of the book loses it.
    @Test(arguments: [
        (2, 6, 0.5, 29.0 / 64), (5, 30, 11.0 / 20, 0.2030814262844627),
        (5, 30, 9.0 / 20, 0.5538868868996766), (50, 100, 0.5, 3.723142327754164e-07),
    ] as [(Int64, UInt64, Double, Double)])
    func ruinWithoutAnUpperBarrier(capital: Int64, games: UInt64, win: Double, ruin: Double) throws {
        let start = Int64(games) + 1
        let mirrored = try GamblersRuin(
            winProbability: 1 - win, start: start, goal: start + capital, maximumGames: games)
        #expect((try exact(mirrored).probability / ruin - 1).magnitude < 1e-12)
    }

    /// (1 − r^start)/(1 − r^goal), r = (1 − p)/p; with games enough nobody still plays.
    @Test(arguments: [0.3, 0.45, 18.0 / 37, 0.55, 0.9])
    func manyGamesComeToTheClosedForm(p: Double) throws {
        let r = (1 - p) / p
        var below = 1.0, above = 1.0
        for _ in 0..<20 { below *= r }
        for _ in 0..<50 { above *= r }
        for games in [20_000, 1 << 40] as [UInt64] {
            let found = try exact(GamblersRuin(winProbability: p, start: 20, goal: 50, maximumGames: games))
            #expect((found.probability / ((1 - below) / (1 - above)) - 1).magnitude < 1e-11)
        }
    }

    @Test func aFairCoinReachesTheGoalInProportion() throws {
        let found = try exact(GamblersRuin(winProbability: 0.5, start: 30, goal: 100, maximumGames: 1 << 40))
        #expect((found.probability - 0.3).magnitude < 1e-12)
    }

    @Test func agreesWithTheOracleOnEveryGame() throws {
        for ruin in try Oracle.variety() where ruin.goal < 1000 {
            let known = Oracle.probability(ruin)
            let found = try exact(ruin).probability
            #expect(known == 0 ? found == 0 : (found / known - 1).magnitude < 1e-12)
        }
    }

    /// All games won and none to spare: p^100, down to where doubles end and beyond.
    @Test(arguments: [0.1, 1e-2, 1.1e-3, 1e-3, 1e-5, 1e-9])
    func tinyProbabilitiesKeepTheirDigits(p: Double) throws {
        let found = try exact(GamblersRuin(winProbability: p, maximumGames: 100))
        let logarithm = 100 * ScalarFunctions.log(p)
        #expect((found.logProbability / logarithm - 1).magnitude < 1e-13)
        var power = 1.0
        for _ in 0..<100 { power *= p }
        if power > 1e-300 { #expect((found.probability / power - 1).magnitude < 1e-10) }
    }

    /// One loss to make up among 102 games: 100 places to lose first (not at the very end).
    @Test func tinyProbabilitiesOfManyPathsKeepTheirDigits() throws {
        let p = 1e-4
        let found = try exact(GamblersRuin(winProbability: p, maximumGames: 102))
        let logarithm = 100 * ScalarFunctions.log(p) + ScalarFunctions.log1p(100 * p * (1 - p))
        #expect((found.logProbability - logarithm).magnitude < 1e-11)
    }

    @Test func impossibleIsZeroAndBeyondItsSizeIsNil() throws {
        let short = try exact(GamblersRuin(maximumGames: 99))
        #expect(short.probability == 0 && short.logProbability == -.infinity)
        let huge = try GamblersRuin(winProbability: 0.5, start: 1 << 40, goal: 1 << 41, maximumGames: 1 << 45)
        #expect(try ExactRuin(huge) == nil)
        // A far goal is no obstacle where few games decide.
        let near = try GamblersRuin(winProbability: 0.5, start: 1 << 40, goal: (1 << 40) + 2, maximumGames: 6)
        #expect(try exact(near).probability == 29.0 / 64)
    }

    @Test func givesUpWhenAsked() throws {
        struct Stop: Error {}
        let long = try GamblersRuin(start: 1000, goal: 2000, maximumGames: 100_000)
        #expect(throws: Stop.self) { try ExactRuin(long) { throw Stop() } }
    }
}
