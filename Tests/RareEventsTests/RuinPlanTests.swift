import RareEvents
import Statistics
import Testing

@Suite struct RuinPlanTests {
    private func culprit(_ make: () throws -> RuinPlan) -> String? {
        do {
            _ = try make()
            return nil
        } catch {
            return (error as? InvalidParameter)?.parameter
        }
    }

    @Test func parametersThatDoNotFitAreNamed() throws {
        let ruin = try GamblersRuin(), roulette = try Oracle.roulette()
        for confidence in [0, 1, -1, .nan] {
            #expect(culprit { try RuinPlan(ruin, confidence: confidence, seed: 1) } == "confidence")
        }
        for q in [0, 1, 2, .nan] {
            #expect(culprit { try RuinPlan(ruin, proposal: .winProbability(q), seed: 1) } == "q")
        }
        #expect(culprit { try RuinPlan(ruin, method: .naive, proposal: .winProbability(0.5), seed: 1) } == "q")
        #expect(culprit { try RuinPlan(roulette, proposal: .winProbability(0.5), seed: 1) } == "q")
    }

    @Test func namingTheAutomaticTiltChangesNothing() throws {
        let automatic = try RuinPlan(GamblersRuin(), seed: 3)
        let q = try #require(automatic.tilt.winProbability)
        let named = try RuinPlan(GamblersRuin(), proposal: .winProbability(q), seed: 3)
        #expect(named.report(try named.simulate(0..<500)) == automatic.report(try automatic.simulate(0..<500)))
    }

    /// Every estimator within five of its own standard errors of the exact value.
    @Test(arguments: RuinPlan.Method.allCases)
    func estimatesAgreeWithTheExactValue(method: RuinPlan.Method) throws {
        for ruin in try Oracle.variety() where ruin.goal < 1000 && ruin.isReachable {
            let plan = try RuinPlan(ruin, method: method, seed: 21)
            let report = plan.report(try plan.simulate(0..<20_000))
            let exact = try #require(report.exact)
            if let z = report.zScore {
                #expect(z.magnitude < 5, "\(ruin)")
            } else {
                // No spread: nobody came, or all did with the same weight.
                let interval = report.confidenceInterval
                #expect(interval.lower <= exact * (1 + 1e-9) && exact * (1 - 1e-9) <= interval.upper)
                #expect(report.hits == 0 || report.hits == 20_000)
            }
        }
    }

    @Test func importanceSamplingReducesVarianceAsFarAsItSays() throws {
        let plan = try RuinPlan(GamblersRuin(start: 20, goal: 40, maximumGames: 100), seed: 5)
        let report = plan.report(try plan.simulate(0..<100_000))
        let exact = try #require(report.exact), error = try #require(report.estimate.standardError)
        let measured = exact * (1 - exact) / 100_000 / (error * error)
        let stated = try #require(report.varianceReduction)
        #expect(stated > 10)
        #expect((measured / stated - 1).magnitude < 0.05)
    }

    @Test func givesUpWhenAsked() throws {
        struct Stop: Error {}
        let ruin = try GamblersRuin(winProbability: 0.499, start: 3000, goal: 6000, maximumGames: 20_000_000)
        var calls = 0
        #expect(throws: Stop.self) {
            try RuinPlan(ruin, seed: 1) {
                calls += 1
                if calls == 100 { throw Stop() }
            }
        }
    }
}
