import RareEvents
import Testing

@Suite struct ExponentialTiltChoiceTests {
    /// Beyond the dynamic programme: the goal must come within reach, and the estimate agree
    /// with the closed form, (1 − r^3000)/(1 − r^6000) with r = 0.501/0.499, to which so many games come.
    @Test func farGoalsAreReachedByTheCrossEntropyMethod() throws {
        let ruin = try GamblersRuin(winProbability: 0.499, start: 3000, goal: 6000, maximumGames: 20_000_000)
        let plan = try RuinPlan(ruin, seed: 2)
        #expect(plan.exact == nil)
        let report = plan.report(try plan.simulate(0..<4000))
        #expect(report.hits > 1000)
        // The closed form; a gambler who still plays after 20 million games is rarer than e^-40.
        let closed = 6.1440762965756004e-06
        let error = try #require(report.estimate.standardError)
        #expect((report.estimate.value - closed).magnitude < 5 * error)
        #expect(error / closed < 0.1)
    }

    @Test func theChoiceIsAFunctionOfProblemAndSeed() throws {
        let ruin = try GamblersRuin(winProbability: 0.499, start: 3000, goal: 6000, maximumGames: 20_000_000)
        let a = try RuinPlan(ruin, seed: 2).tilt, b = try RuinPlan(ruin, seed: 2).tilt
        #expect(a == b)
    }

    @Test func whereTheGoalCannotBeReachedNothingIsTilted() throws {
        let plan = try RuinPlan(GamblersRuin(maximumGames: 99), seed: 1)
        #expect(plan.tilt.parameter == 0 && plan.tilt.winProbability == 18.0 / 37)
    }

    @Test func oneWayToTheGoalNeedsNoLuck() throws {
        let ruin = try GamblersRuin(start: 100, goal: 103, maximumGames: 3)
        let plan = try RuinPlan(ruin, seed: 1)
        let report = plan.report(try plan.simulate(0..<1000))
        #expect(plan.tilt.winProbability! > 0.999)
        #expect(report.hits >= 990)
        #expect(report.exact! >= report.confidenceInterval.lower && report.exact! <= report.confidenceInterval.upper)
    }
}
