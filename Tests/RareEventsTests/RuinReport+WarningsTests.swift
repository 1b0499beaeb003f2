import RareEvents
import Statistics
import Testing

@Suite struct RuinReportWarningsTests {
    private func report(
        _ ruin: GamblersRuin, method: RuinPlan.Method = .importance, q: Double? = nil,
        confidence: Double = 0.95, seed: UInt64 = 1, n: UInt64 = 3000
    ) throws -> RuinReport {
        let plan = try RuinPlan(
            ruin, method: method, proposal: q.map { .winProbability($0) } ?? .automatic,
            confidence: confidence, seed: seed)
        return plan.report(try plan.simulate(0..<n))
    }

    /// Everybody wins every game: all weights are equal, and 26 orders of magnitude too small.
    @Test(arguments: [0.999, 0.99999, 0.999999, Double(1).nextDown]) func equalWeightsAreNoCertainty(q: Double) throws {
        let report = try report(GamblersRuin(), q: q)
        let exact = try #require(report.exact)
        #expect(report.estimate.value < exact / 1000)
        #expect(
            report.warnings.contains { if case .moreVarianceThanNaive(let ratio) = $0 { ratio < 1 } else { false } })
        #expect(report.warnings.contains(.weightsAllAlike) || report.warnings.contains(.contradictsExact(exact)))
        if report.warnings.contains(.weightsAllAlike) && report.hits == 3000 {
            #expect(report.estimate.standardError == nil && report.relativeError == nil && report.zScore == nil)
        }
        if report.warnings.contains(.weightsAllAlike) {
            #expect(report.confidenceInterval.lower <= exact && exact <= report.confidenceInterval.upper)
        }
    }

    /// Where nearly all reach the goal with nearly one weight, the error is that of the misses, few or none of
    /// which are met: the interval holds the exact value all the same, and a warning says so.
    @Test(arguments: [0.3, 0.07, 1.0 / 3]) func fewMissesAreNoCertainty(p: Double) throws {
        let ruin =
            try p == 0.07
            ? GamblersRuin(winProbability: p, start: 9, goal: 10, maximumGames: 50)
            : GamblersRuin(winProbability: p, start: 100, goal: 200, maximumGames: 600)
        for seed in 1...20 as ClosedRange<UInt64> {
            let report = try report(ruin, seed: seed, n: 300)
            let exact = try #require(report.exact)
            #expect(report.warnings.contains(.fewMisses(300 - report.hits)), "seed \(seed)")
            #expect(report.confidenceInterval.lower <= exact && exact <= report.confidenceInterval.upper)
            #expect(report.estimate.value <= report.confidenceInterval.upper)
            if p != 1.0 / 3 { #expect(report.zScore == nil && report.relativeError == nil) }
        }
    }

    @Test(arguments: [0.01, 0.3, 1e-300, Double.leastNonzeroMagnitude]) func withoutHitsTheIntervalBeginsAtZero(
        q: Double
    ) throws {
        let report = try report(GamblersRuin(), q: q)
        #expect(report.hits == 0)
        #expect(report.confidenceInterval == ConfidenceInterval(lower: 0, upper: 1))
        #expect(report.warnings.contains(.noHits))
    }

    @Test(arguments: [0.999999, 0.9999999, 1 - 1e-12, Double(1).nextDown]) func aNearlySureGoalIsNotEstimatedAboveOne(
        p: Double
    ) throws {
        let report = try report(GamblersRuin(winProbability: p))
        let exact = try #require(report.exact)
        #expect(report.estimate.value <= 1)
        #expect(report.confidenceInterval.lower <= exact && exact <= report.confidenceInterval.upper)
        // A spread of 0 is not an error of 0.
        #expect(report.estimate.standardError != 0)
        #expect(report.warnings.contains { if case .fewMisses = $0 { true } else { false } })
    }

    /// With as many games as the goal is away there is one way to reach it.
    @Test func whereOneWayLeadsToTheGoalEqualWeightsAreRight() throws {
        let report = try report(GamblersRuin(maximumGames: 101), q: 0.99)
        let exact = try #require(report.exact)
        #expect(!report.warnings.contains(.weightsAllAlike))
        #expect(report.confidenceInterval.lower <= exact && exact <= report.confidenceInterval.upper)
    }

    @Test func oneGamblerIsNeverTrusted() throws {
        for (method, q) in [(RuinPlan.Method.importance, nil), (.importance, 0.7), (.naive, nil)]
            as [(RuinPlan.Method, Double?)]
        {
            for seed in 0..<20 as Range<UInt64> {
                let report = try report(GamblersRuin(start: 5, goal: 9), method: method, q: q, seed: seed, n: 1)
                #expect(!report.warnings.isEmpty)
                #expect(report.estimate.standardError == nil || report.hits == 0)
                #expect(report.confidenceInterval.upper <= 1 && report.confidenceInterval.lower >= 0)
            }
        }
    }

    /// Whatever is sampled from: where nothing is said, an interval of 95 % covers.
    @Test func silenceMeansThatTheIntervalCovers() throws {
        var generator = PhiloxGenerator(Philox(seed: 41))
        var silent = 0, covered = 0
        for seed in 0..<1500 as Range<UInt64> {
            let p = Double.random(in: 0.3..<0.7, using: &generator),
                q = Double.random(in: 0.02..<0.98, using: &generator)
            let goal = Int64.random(in: 3...30, using: &generator)
            let ruin = try GamblersRuin(
                winProbability: p, start: .random(in: 1..<goal, using: &generator), goal: goal,
                maximumGames: .random(in: 30...300, using: &generator))
            let report = try report(ruin, q: q, seed: seed, n: .random(in: 30...2000, using: &generator))
            let interval = report.confidenceInterval
            #expect(0 <= interval.lower && interval.lower <= interval.upper && interval.upper <= 1)
            #expect(report.estimate.value <= 1 || report.warnings.contains(.aboveOne))
            guard report.warnings.isEmpty, let exact = report.exact else { continue }
            silent += 1
            if interval.lower <= exact && exact <= interval.upper { covered += 1 }
        }
        #expect(silent >= 200)
        // 95 %, less five standard errors.
        #expect(
            Double(covered) >= Double(silent) * 0.95 - 5 * (Double(silent) * 0.05 * 0.95).squareRoot(),
            "\(covered) of \(silent)")
    }

    @Test(arguments: [Double(1).nextDown, 1 - 1e-15, 0.999999, 1e-300, Double.leastNonzeroMagnitude])
    func intervalsOfExtremeConfidenceAreFinite(confidence: Double) throws {
        for (method, q) in [
            (RuinPlan.Method.importance, nil), (.importance, 0.52), (.naive, nil), (.zeroVariance, nil),
        ] as [(RuinPlan.Method, Double?)] {
            for n in [1, 2, 30, 3000] as [UInt64] {
                let report = try report(GamblersRuin(), method: method, q: q, confidence: confidence, n: n)
                let interval = report.confidenceInterval
                #expect(0 <= interval.lower && interval.lower <= interval.upper && interval.upper <= 1)
            }
        }
    }
}
