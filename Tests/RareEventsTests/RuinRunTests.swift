import RareEvents
import Statistics
import Testing

@Suite struct RuinRunTests {
    private func plan(_ seed: UInt64 = 1) throws -> RuinPlan {
        try RuinPlan(GamblersRuin(start: 20, goal: 40, maximumGames: 100), seed: seed)
    }

    /// Runs to the end; up to `window` units are in flight at once and complete in an order
    /// that `seed` shuffles.
    private func finish(_ run: inout RuinRun, window: Int, seed: UInt64) throws -> [RuinReport] {
        var reports: [RuinReport] = [], flight: [Range<UInt64>] = []
        var state = seed
        while true {
            while flight.count < window, let unit = run.nextUnit() { flight.append(unit) }
            if flight.isEmpty { break }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let unit = flight.remove(at: Int(state >> 33) % flight.count)
            reports += run.complete(unit, try run.plan.simulate(unit))
        }
        return reports
    }

    @Test func orderAndNumberOfWorkersDoNotMatter() throws {
        let extents: [RuinRun.Extent] = [
            .gamblers(0..<300_000), .gamblers(12_345..<54_321), .gamblers(0..<1), .relativeError(0.003, most: 1 << 30),
        ]
        for extent in extents {
            var alone = try RuinRun(plan(), extent)
            let reports = try finish(&alone, window: 1, seed: 0)
            #expect(alone.isFinished && reports.last == alone.report())
            for (window, seed) in [(2, 1), (7, 2), (64, 3)] as [(Int, UInt64)] {
                var crowd = try RuinRun(plan(), extent)
                #expect(try finish(&crowd, window: window, seed: seed) == reports)
                #expect(crowd.report() == alone.report())
            }
        }
    }

    @Test func theEndIsAllGamblersAtOnce() throws {
        let plan = try plan()
        var run = try RuinRun(plan, .gamblers(500..<200_000))
        _ = try finish(&run, window: 5, seed: 9)
        #expect(run.moments == (try plan.simulate(500..<200_000)))
    }

    @Test func looksComeAtFixedCounts() throws {
        var run = try RuinRun(plan(), .gamblers(0..<100_000))
        let counts = try finish(&run, window: 3, seed: 4).map(\.moments.gamblers)
        #expect(Array(counts.prefix(5)) == [1024, 2048, 4096, 7221, 10_346])
        #expect(counts.last == 100_000)
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $1 - $0 <= 3125 && $1 > $0 })
    }

    @Test func relativeErrorStopsAtTheFirstDoublingThatReachesIt() throws {
        var run = try RuinRun(plan(), .relativeError(0.004, most: 1 << 30))
        let reports = try finish(&run, window: 4, seed: 5)
        #expect(reports.map(\.moments.gamblers) == reports.indices.map { 1024 << UInt64($0) })
        #expect(reports.dropLast().allSatisfy { $0.relativeError! > 0.004 })
        #expect(reports.last!.relativeError! <= 0.004)
        #expect(reports.count > 2 && run.report().warnings.isEmpty)
    }

    @Test func limitsEndItWithAWarning() throws {
        var run = try RuinRun(plan(), .relativeError(1e-6, most: 10_000))
        _ = try finish(&run, window: 4, seed: 5)
        let report = run.report()
        #expect(run.isFinished && report.moments.gamblers == 10_000)
        #expect(report.warnings == [.accuracyNotReached(1e-6)])
    }

    @Test func oneThatNobodyHitsGoesOnToTheLimit() throws {
        var run = try RuinRun(RuinPlan(GamblersRuin(), method: .naive, seed: 1), .relativeError(0.5, most: 5000))
        _ = try finish(&run, window: 1, seed: 5)
        #expect(run.report().moments.gamblers == 5000)
        #expect(run.report().warnings == [.noHits, .accuracyNotReached(0.5)])
    }

    @Test func relativeErrorIsChecked() throws {
        for target in [0, -1, .nan, .infinity] {
            #expect { try RuinRun(self.plan(), .relativeError(target, most: 10)) } throws: {
                ($0 as? InvalidParameter)?.parameter == "relative_error"
            }
        }
        #expect { try RuinRun(self.plan(), .relativeError(0.1, most: 0)) } throws: {
            ($0 as? InvalidParameter)?.parameter == "k"
        }
    }
}
