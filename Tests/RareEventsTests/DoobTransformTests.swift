import RareEvents
import Statistics
import Testing

@Suite struct DoobTransformTests {
    @Test func everyGamblerHitsWithTheSameWeight() throws {
        for ruin in try Oracle.variety() where ruin.goal < 1000 && ruin.isReachable {
            let plan = try RuinPlan(ruin, method: .zeroVariance, seed: 4)
            let report = plan.report(try plan.simulate(0..<500))
            let known = Oracle.probability(ruin)
            #expect(report.hits == 500)
            #expect((report.estimate.value / known - 1).magnitude < 1e-11)
            #expect(report.estimate.standardError == 0 && report.relativeError == 0)
            #expect(report.zScore == nil && report.paretoK == nil && report.varianceReduction == nil)
            #expect(report.effectiveSampleSize == 500)
            // As wide as round-off, and about the truth.
            let interval = report.confidenceInterval
            #expect(interval.lower <= known && known <= interval.upper)
            #expect(interval.upper - interval.lower <= 1e-8 * known)
        }
    }

    /// The walks are those of gamblers who reach the goal: their mean length is that of the
    /// exact law, conditionally.
    @Test func pathsFollowTheConditionalLaw() throws {
        for ruin in [try GamblersRuin(), try Oracle.roulette()] {
            let law = Oracle.hittingLaw(ruin).sorted { $0.key < $1.key }
            let total = law.reduce(0.0) { $0 + $1.value }
            let mean = law.reduce(0.0) { $0 + $1.value * Double($1.key.games) } / total
            let square = law.reduce(0.0) { $0 + $1.value * Double($1.key.games * $1.key.games) } / total
            let moments = try DoobTransform(ruin).simulate(0..<2000, seed: 6, check: {})
            let error = ((square - mean * mean) / 2000).squareRoot()
            #expect((Double(moments.games) / 2000 - mean).magnitude < 5 * error)
        }
    }

    @Test func saysWhatItCannotDo() throws {
        for ruin in [
            try GamblersRuin(start: 10_000, goal: 20_000, maximumGames: 1 << 20),
            try GamblersRuin(winProbability: 1e-9, maximumGames: 200),
        ] {
            #expect { try DoobTransform(ruin) } throws: { ($0 as? InvalidParameter)?.parameter == "method" }
        }
    }

    @Test func nobodyReachesAnUnreachableGoal() throws {
        let plan = try RuinPlan(GamblersRuin(maximumGames: 50), method: .zeroVariance, seed: 1)
        let report = plan.report(try plan.simulate(0..<10))
        #expect(report.hits == 0 && report.estimate.value == 0 && report.exact == 0)
        #expect(report.warnings == [.unreachable])
    }

    @Test func numberedGamblersPlayTheSameWhoeverAsks() throws {
        let doob = try DoobTransform(GamblersRuin(start: 90, goal: 130))
        var pieces = doob.simulate(150..<300, seed: 3, check: {})
        pieces.merge(doob.simulate(0..<150, seed: 3, check: {}))
        #expect(pieces == doob.simulate(0..<300, seed: 3, check: {}))
    }
}
