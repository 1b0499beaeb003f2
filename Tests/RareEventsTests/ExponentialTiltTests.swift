import RareEvents
import Statistics
import Testing

@Suite struct ExponentialTiltTests {
    @Test func weightsAreLikelihoodRatios() throws {
        for problem in try Oracle.variety() where problem.goal < 1000 {
            let tilt = ExponentialTilt(parameter: 0.2 / Double(max(problem.largestWin, 1)), of: problem)
            let q = tilt.probabilities(of: problem)
            #expect((q.reduce(0, +) - 1).magnitude < 1e-15)
            // A path of one game of each outcome, as if it ended there.
            let gain = problem.outcomes.reduce(0) { $0 + $1.amount }
            let event = HittingEvent(games: UInt64(q.count), position: problem.start + gain)
            let logRatio = zip(problem.outcomes, q).reduce(0.0) { $0 + ScalarFunctions.log($1.0.probability / $1.1) }
            #expect((tilt.logWeight(of: event, start: problem.start) - logRatio).magnitude < 1e-13)
        }
    }

    @Test func aWinProbabilityIsATilt() throws {
        let problem = try GamblersRuin()
        let tilt = try ExponentialTilt(winProbability: 0.6, of: problem)
        let same = ExponentialTilt(parameter: tilt.parameter, of: problem)
        #expect((same.cumulant - tilt.cumulant).magnitude < 1e-15)
        #expect((same.probabilities(of: problem)[1] - 0.6).magnitude < 1e-15)
        let unchanged = try ExponentialTilt(winProbability: 18.0 / 37, of: problem)
        #expect(unchanged.logWeight(of: HittingEvent(games: 500, position: 200), start: 100) == 0)
    }

    @Test func winProbabilitiesAreChecked() throws {
        let problem = try GamblersRuin(), other = try Oracle.roulette()
        for q in [0, 1, -1, .nan] {
            #expect(throws: InvalidParameter.self) { try ExponentialTilt(winProbability: q, of: problem) }
        }
        #expect { try ExponentialTilt(winProbability: 0.5, of: other) } throws: { ($0 as? InvalidParameter)?.parameter == "q" }
    }

    @Test func momentsAreTheCumulantsDerivatives() throws {
        for problem in [try GamblersRuin(), try Oracle.roulette()] {
            let h = 1e-5, theta = 0.07
            let below = ExponentialTilt(parameter: theta - h, of: problem)
            let here = ExponentialTilt(parameter: theta, of: problem)
            let above = ExponentialTilt(parameter: theta + h, of: problem)
            let (mean, variance) = here.gainMoments(of: problem)
            #expect(((above.cumulant - below.cumulant) / (2 * h) - mean).magnitude < 1e-5)
            #expect(((above.cumulant - 2 * here.cumulant + below.cumulant) / (h * h) / variance - 1).magnitude < 1e-2)
        }
    }
}
