import Statistics
import Testing

@Suite struct EffectiveSampleSizeTests {
    @Test func equalWeightsCountInFull() {
        #expect(effectiveSampleSize([(0.25, 7), (0.25, 5)]) == 12)
    }

    @Test func oneHeavyWeightCountsAlone() throws {
        let size = try #require(effectiveSampleSize([(1, 1), (1e-12, 1000)]))
        #expect((size - 1).magnitude < 1e-8)
    }

    @Test func onlyRatiosMatterAndCountsAreRepetitions() throws {
        let counted = try #require(effectiveSampleSize([(1, 2), (0.5, 3)]))
        let expanded = try #require(effectiveSampleSize([(8, 1), (4, 1), (8, 1), (4, 1), (4, 1)]))
        #expect(counted == expanded)
        #expect(counted == 3.5 * 3.5 / 2.75)
    }

    @Test func noWeightsHaveNone() {
        #expect(effectiveSampleSize([]) == nil)
        #expect(effectiveSampleSize([(0, 10)]) == nil)
    }
}
