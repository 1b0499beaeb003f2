import RareEvents
import Statistics
import Testing

@Suite struct RuinLimitsTests {
    @Test func namesWhatIsTooMuch() {
        let limits = RuinLimits()
        #expect(throws: Never.self) { try limits.check(gamblers: 1_000_000_000_000, playing: 1000) }
        #expect(throws: Never.self) { try limits.check(gamblers: 1, playing: 1_000_000_000_000_000) }
        for (n, k) in [(0, 600), (1_000_000_000_001, 1), (1_000_000_000_000, 1001), (2, .max)] as [(UInt64, UInt64)] {
            #expect { try limits.check(gamblers: n, playing: k) } throws: { ($0 as? InvalidParameter)?.parameter == "n" }
        }
    }

    @Test func roomForGamblersShrinksWithTheirGames() {
        let limits = RuinLimits(gamblers: 1000, games: 50_000)
        #expect(limits.gamblers(playing: 1) == 1000)
        #expect(limits.gamblers(playing: 100) == 500)
        #expect(limits.gamblers(playing: 50_001) == 0)
    }
}
