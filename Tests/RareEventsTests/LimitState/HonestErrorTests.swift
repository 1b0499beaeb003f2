import RareEvents
import Statistics
import Testing

/// What is said of an error holds, or a warning says that it may not: in many variables, for few draws, far out in a tail.
@Suite struct HonestErrorTests {
    /// Many equal ways to fail, and a sphere, which has infinitely many.
    static func manyWays() throws -> [ReliabilityCase] {
        let d = 100, normals = ReliabilityCase.normals(d)
        let sum = ScaledGammaDistribution(shape: Double(d) / 2, scale: 2)
        return [
            try ReliabilityCase(
                "a series of normals",
                -ElementaryFunction.expm1(Double(d) * ElementaryFunction.log1p(-ReliabilityCase.tail(5))),
                normals
            ) { 5 - ($0.max() ?? 0) },
            try ReliabilityCase(
                "a series of exponentials",
                -ElementaryFunction.expm1(Double(d) * ElementaryFunction.log1p(-ElementaryFunction.exp(-18))),
                (0..<d).map { _ in ExponentialDistribution.standard }
            ) { 18 - ($0.max() ?? 0) },
            try ReliabilityCase("few squares", sum.cumulativeProbability(45), normals) {
                $0.reduce(-45) { $0 + $1 * $1 }
            },
            try ReliabilityCase("many squares", sum.survivalProbability(170), normals) {
                170 - $0.reduce(0) { $0 + $1 * $1 }
            },
        ]
    }

    @Test func automaticNeverMissesSilently() throws {
        for item in try Self.manyWays() {
            var covered = 0
            for seed in 1...2 as ClosedRange<UInt64> {
                let report = try #require(try item.problem.solve(.auto, seed: seed))
                let interval = try #require(report.confidenceInterval)
                let isCovered = interval.lower <= item.probability && item.probability <= interval.upper
                if isCovered { covered += 1 }
                // Never by a factor.
                #expect(
                    interval.lower < 1.2 * item.probability && interval.upper > item.probability / 1.2,
                    "\(item) \(seed)")
            }
            #expect(covered >= 1, "\(item)")
        }
    }

    @Test func subsetSimulationCoversInManyVariables() throws {
        for item in try Self.manyWays() {
            var covered = 0
            for seed in 1...5 as ClosedRange<UInt64> {
                let report = try #require(try item.problem.solve(.subset, seed: seed))
                let interval = try #require(report.confidenceInterval)
                if interval.lower <= item.probability, item.probability <= interval.upper { covered += 1 }
            }
            #expect(covered >= 3, "\(item)")
        }
    }

    @Test func exactReachesAsFarAsNormalTailsDo() throws {
        for index in [8.5, 9, 10, 15, 25, 36] {
            let one = try ReliabilityCase("one", ReliabilityCase.tail(index), ReliabilityCase.normals(1)) {
                index - $0[0]
            }
            let report = try #require(try one.problem.solve(.auto, seed: 1, wantsExact: true))
            #expect(abs(try #require(report.exact) / one.probability - 1) < 1e-7, "\(index)")
            #expect(!report.warnings.contains { if case .contradictsExact = $0 { true } else { false } }, "\(index)")
            let two = try ReliabilityCase("two", one.probability, ReliabilityCase.normals(2)) {
                index * 2.0.squareRoot() - $0[0] - $0[1]
            }
            let other = try #require(try two.problem.solve(.form, seed: 1, wantsExact: true))
            #expect(abs(try #require(other.exact) / two.probability - 1) < 1e-4, "\(index)")
        }
    }

    @Test func whatDrawsShowIsNotCalledImpossible() throws {
        // A needle between the lines of any grid.
        let needle = try ReliabilityCase("needle", .nan, ReliabilityCase.normals(1)) {
            ($0[0] - 1.000_123).magnitude < 1e-5 ? -1 : 1
        }
        let report = try #require(
            try needle.problem.solve(.naive, seed: 1, extent: .draws(2_000_000), most: 2_000_000, wantsExact: true))
        #expect(report.hits > 0 && report.exact == nil && report.warnings.contains(.noExactValue))
    }

    @Test func fewDrawsLeaveAnIntervalThatCovers() throws {
        let item = try ReliabilityCase("plane", ReliabilityCase.tail(3 / 2.0.squareRoot()), ReliabilityCase.normals(2))
        {
            $0[0] + $0[1] + 3
        }
        for method in [LimitStateSpecification.Method.naive, .importance, .crossEntropy, .subset, .directional, .auto] {
            for n in 1...3 as ClosedRange<UInt64> {
                var covered = 0
                for seed in 1...30 as ClosedRange<UInt64> {
                    let report = try #require(try item.problem.solve(method, seed: seed, extent: .draws(n)))
                    let interval = try #require(report.confidenceInterval)
                    #expect(interval.lower < interval.upper, "\(method) \(n) \(seed)")
                    if interval.lower <= item.probability, item.probability <= interval.upper { covered += 1 }
                    for warning in report.warnings {
                        #expect(!warning.message.contains("max_evaluations is too small"))
                    }
                }
                #expect(covered >= 22, "\(method) \(n)")
            }
        }
    }

    @Test func drawsThatWereNotAskedForAreOwnedUpTo() throws {
        let item = try ReliabilityCase("plane", .nan, ReliabilityCase.normals(2)) { $0[0] + $0[1] + 3 }
        let report = try #require(try item.problem.solve(.subset, seed: 1, extent: .draws(5)))
        #expect(report.warnings.contains(.drawsRaised(from: 5, to: report.draws)) && report.draws > 5)
    }

    @Test func whatWasAllowedIsUsedBeforeItIsBlamed() throws {
        let jump = try ReliabilityCase("jump", .nan, ReliabilityCase.normals(3)) { $0.reduce(0, +) > 6 ? -1 : 1 }
        for seed in 14...18 as ClosedRange<UInt64> {
            let report = try #require(try jump.problem.solve(.subset, seed: seed, most: 1_000_000))
            let isReached = report.relativeError ?? .infinity <= 0.05
            #expect(
                isReached || report.evaluations > 500_000
                    || !report.warnings.contains(.accuracyNotReached(0.05, isSpent: true)))
            #expect(report.hits > 20)
        }
    }

    @Test func roundingExcludesNoTruth() throws {
        let ruin = try GamblersRuin(winProbability: 0.5, start: 1, goal: 2, maximumGames: 1)
        for method in [RuinPlan.Method.importance, .zeroVariance] {
            for n in [1, 7, 5000] as [UInt64] {
                let plan = try RuinPlan(ruin, method: method, seed: 3)
                let interval = plan.report(try plan.simulate(0..<n)).confidenceInterval
                #expect(interval.lower <= 0.5 && 0.5 <= interval.upper, "\(method) \(n)")
            }
        }
    }

    /// A tail of weights that are all of a size is no heavy one, whatever its fit says.
    @Test func evenWeightsRaiseNoAlarm() throws {
        let gamma = ScaledGammaDistribution(shape: 3, scale: 2)
        for bound in [25.0, 30] {
            let item = try ReliabilityCase("gamma", gamma.survivalProbability(bound), [gamma]) { bound - $0[0] }
            for seed in 1...8 as ClosedRange<UInt64> {
                let report = try #require(try item.problem.solve(.auto, seed: seed))
                #expect(abs(report.estimate.value / item.probability - 1) < 0.07)
                #expect(report.warnings.isEmpty, "\(report.warnings.map(\.message))")
            }
        }
    }

    @Test func numbersInSentencesHaveThreeDigits() {
        let cases: [(Double, String)] = [
            (0.468_326_993_207_340_84, "0.468"), (3.664_999, "3.66"), (2.441_174e-7, "2.44e-07"), (134.4, "134"),
            (0, "0.0"),
            (999.6, "1000"), (1, "1"), (-0.000_123_456, "-0.000123"), (25, "25"),
        ]
        for (value, text) in cases { #expect(value.threeDigits == text) }
    }
}
