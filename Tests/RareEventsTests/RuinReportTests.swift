import RareEvents
import Statistics
import Testing

@Suite struct RuinReportTests {
    private func report(
        _ ruin: GamblersRuin, method: RuinPlan.Method = .importance, q: Double? = nil,
        confidence: Double = 0.95, seed: UInt64 = 1, n: UInt64
    ) throws -> RuinReport {
        let plan = try RuinPlan(
            ruin, method: method, proposal: q.map { .winProbability($0) } ?? .automatic,
            confidence: confidence, seed: seed)
        return plan.report(try plan.simulate(0..<n))
    }

    @Test func figuresHangTogether() throws {
        let report = try report(GamblersRuin(), n: 3000)
        let error = try #require(report.estimate.standardError)
        #expect(report.relativeError == report.estimate.relativeError)
        #expect(report.zScore == (report.estimate.value - report.exact!) / error)
        #expect(report.confidenceInterval.lower < report.estimate.value && report.estimate.value < report.confidenceInterval.upper)
        #expect(report.effectiveSampleSize! > 1 && report.effectiveSampleSize! < Double(report.hits))
        #expect(report.paretoK!.isReliable && report.warnings.isEmpty)
        #expect(report.gamesPlayed > 100 * report.hits && report.gamesPlayed <= 600 * 3000)
        // n = 3000 gamblers of cv² 1.788: the variance that the exact second moment says.
        #expect((report.relativeError! / 0.02441 - 1).magnitude < 0.1)
        #expect((report.varianceReduction! / 234_214 - 1).magnitude < 1e-3)
    }

    @Test func estimateAndErrorAreThoseOfTheWeights() throws {
        let ruin = try GamblersRuin(start: 5, goal: 9, maximumGames: 20)
        let plan = try RuinPlan(ruin, proposal: .winProbability(0.55), seed: 2)
        let moments = try plan.simulate(0..<1000)
        guard case .counts(let counts) = moments.hits else { throw InvalidParameter("counts", "missing") }
        var weights = [Double](repeating: 0, count: Int(1000 - moments.hitCount))
        for hit in counts {
            // Each win and each loss weighed by itself.
            let wins = (hit.event.games + 4) / 2
            var weight = 1.0
            for _ in 0..<wins { weight *= (18.0 / 37) / 0.55 }
            for _ in 0..<(hit.event.games - wins) { weight *= (19.0 / 37) / 0.45 }
            weights += [Double](repeating: weight, count: Int(hit.count))
        }
        let mean = weights.reduce(0, +) / 1000
        let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 999
        let report = plan.report(moments)
        #expect((report.estimate.value / mean - 1).magnitude < 1e-12)
        #expect((report.estimate.standardError! / (variance / 1000).squareRoot() - 1).magnitude < 1e-12)
    }

    @Test func naiveEstimatesAreProportions() throws {
        let report = try report(GamblersRuin(start: 9, goal: 12, maximumGames: 30), method: .naive, n: 777)
        let p = Double(report.hits) / 777
        #expect(report.estimate.value == p)
        #expect((report.estimate.standardError! - (p * (1 - p) / 776).squareRoot()).magnitude < 1e-15)
        #expect(report.effectiveSampleSize == Double(report.hits))
        #expect(report.paretoK == nil && report.varianceReduction == 1)
    }

    @Test func noHitsGiveTheExactOneSidedBound() throws {
        let report = try report(GamblersRuin(), method: .naive, n: 3000)
        #expect(report.hits == 0 && report.estimate.value == 0 && report.relativeError == nil && report.zScore == nil)
        #expect(report.effectiveSampleSize == nil && report.paretoK == nil)
        #expect(report.confidenceInterval.lower == 0)
        #expect((report.confidenceInterval.upper - 0.0009980790119965).magnitude < 1e-15)
        #expect(report.warnings == [.noHits])
        // Weights bound what a miss can hide.
        let weighed = try self.report(GamblersRuin(), q: 0.49, n: 300)
        #expect(weighed.hits == 0)
        #expect(weighed.confidenceInterval.upper < 0.0099 && weighed.confidenceInterval.upper > 2.4e-6)
    }

    @Test func unreachableGoalsAreSaidToBe() throws {
        for method in RuinPlan.Method.allCases {
            let report = try report(GamblersRuin(maximumGames: 99), method: method, n: 100)
            #expect(report.estimate.value == 0 && report.exact == 0 && report.hits == 0)
            #expect(report.warnings == [.unreachable])
        }
    }

    @Test func aSingleGamblerHasNoError() throws {
        let sure = try report(GamblersRuin(winProbability: 0.999, start: 9, goal: 10, maximumGames: 50), method: .naive, n: 1)
        #expect(sure.hits == 1 && sure.estimate.value == 1 && sure.estimate.standardError == nil)
        #expect((sure.confidenceInterval.lower - 0.05).magnitude < 1e-15 && sure.confidenceInterval.upper == 1)
        #expect(sure.warnings == [.fewHits(1)])
        let missed = try report(GamblersRuin(), method: .naive, n: 1)
        #expect((missed.confidenceInterval.upper - 0.95).magnitude < 1e-15)
    }

    @Test func heavyTailsAreWarnedOf() throws {
        let report = try report(GamblersRuin(), q: 0.7, n: 3000)
        #expect(report.hits == 3000)
        #expect(report.zScore! < -5)
        guard case .heavyTail(let k, let threshold)? = report.warnings.first else {
            Issue.record("no warning")
            return
        }
        #expect(k > threshold && threshold == 0.7)
    }

    /// 1e-400 and its error, where weights and their squares are below all doubles.
    @Test func underflowLeavesTheRelativeError() throws {
        let report = try report(GamblersRuin(winProbability: 1e-4, maximumGames: 100), q: 0.95, n: 10_000)
        #expect(report.hits > 10 && report.estimate.value == 0 && report.exact == nil)
        #expect(report.relativeError! > 0 && report.relativeError! < 0.3)
        #expect(report.warnings.contains(.underflow))
    }

    /// Of 400 seeds the 95 % interval must miss 5 %: 20 ± 4.4; no more than five standard
    /// deviations above. It may miss fewer: where hits are few it is conservative.
    @Test(arguments: [
        (200, .importance, nil, 3000), (200, .importance, 0.53, 3000), (200, .importance, 0.6, 1000),
        (130, .naive, nil, 1000), (110, .naive, nil, 30),
    ] as [(Int64, RuinPlan.Method, Double?, UInt64)])
    func intervalsCoverTheTruth(goal: Int64, method: RuinPlan.Method, q: Double?, n: UInt64) throws {
        let ruin = try GamblersRuin(goal: goal)
        var missed = 0
        for seed in 0..<400 as Range<UInt64> {
            let report = try report(ruin, method: method, q: q, seed: seed, n: n)
            let interval = report.confidenceInterval
            if !(interval.lower...interval.upper).contains(report.exact!) { missed += 1 }
        }
        #expect(missed > 0 && missed < 42)
    }

    @Test func moreConfidenceIsWider() throws {
        var width = 0.0
        for confidence in [0.5, 0.9, 0.95, 0.999, 0.999999] {
            let interval = try report(GamblersRuin(), confidence: confidence, n: 1000).confidenceInterval
            #expect(interval.upper - interval.lower > width)
            width = interval.upper - interval.lower
        }
    }
}
