import Statistics
import Testing

@Suite struct RunningMomentsTests {
    private let draws: [Double] = (0..<1000).map { index in
        let words = Philox(seed: 7).block(at: UInt64(index))
        return 1e6 + Double(words[0]) * 0x1p-32
    }

    @Test func addingOneByOneAgreesWithTwoPasses() throws {
        var running = RunningMoments()
        for x in draws { running.add(x) }
        let twoPasses = RunningMoments(draws.map { ($0, 1) })
        #expect(running.count == 1000)
        #expect((running.mean - twoPasses.mean).magnitude < 1e-8)
        // About 1/12, and twelve digits of the mean before it: Σx² − (Σx)²/n keeps none.
        let a = try #require(running.variance), b = try #require(twoPasses.variance)
        #expect((a / b - 1).magnitude < 1e-8)
        #expect((b - 1.0 / 12).magnitude < 0.01)
    }

    @Test func mergingPartsAgreesWithTheWhole() throws {
        for cut in [0, 1, 333, 999, 1000] {
            var left = RunningMoments(), right = RunningMoments(), whole = RunningMoments()
            for x in draws { whole.add(x) }
            for x in draws[..<cut] { left.add(x) }
            for x in draws[cut...] { right.add(x) }
            left.merge(right)
            #expect(left.count == whole.count)
            #expect((left.mean - whole.mean).magnitude < 1e-8)
            #expect((left.sumOfSquares / whole.sumOfSquares - 1).magnitude < 1e-8)
        }
    }

    @Test func repeatingADrawIsAddingItSoOften() throws {
        var once = RunningMoments(), often = RunningMoments()
        once.add(2, times: 3)
        once.add(5, times: 2)
        for x in [2.0, 2, 2, 5, 5] { often.add(x) }
        let counted = RunningMoments([(2, 3), (5, 2)])
        #expect(counted.mean == 3.2)
        #expect((once.mean - 3.2).magnitude < 1e-15 && (often.mean - 3.2).magnitude < 1e-15)
        let exact = 10.8
        for moments in [once, often, counted] { #expect((moments.sumOfSquares - exact).magnitude < 1e-14) }
        #expect((try #require(counted.standardErrorOfMean) - (2.7 / 5).squareRoot()).magnitude < 1e-15)
    }

    @Test func groupsAddTheirInnerScatter() {
        let grouped = RunningMoments([(2, 2), (6, 2)], scatteredWithin: 1 + 1 + 4 + 4)
        let whole = RunningMoments([(1, 1), (3, 1), (4, 1), (8, 1)])
        #expect(grouped == whole)
    }

    @Test func varianceNeedsTwoDraws() {
        var moments = RunningMoments()
        #expect(moments.variance == nil && moments.standardErrorOfMean == nil)
        moments.add(3)
        #expect(moments.mean == 3 && moments.variance == nil)
        moments.add(3)
        #expect(moments.variance == 0)
    }
}
