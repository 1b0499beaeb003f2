import RareEvents
import Statistics
import Testing

@Suite struct ExponentialTiltTests {
    @Test func weightsAreLikelihoodRatios() throws {
        for ruin in try Oracle.variety() where ruin.goal < 1000 {
            let tilt = ExponentialTilt(parameter: 0.2 / Double(max(ruin.largestWin, 1)), of: ruin)
            let q = tilt.probabilities(of: ruin)
            #expect((q.reduce(0, +) - 1).magnitude < 1e-15)
            // A walk of one game of each outcome, as if it ended there.
            let gain = ruin.outcomes.reduce(0) { $0 + $1.amount }
            let event = HittingEvent(games: UInt64(q.count), position: ruin.start + gain)
            let logRatio = zip(ruin.outcomes, q).reduce(0.0) { $0 + ScalarFunctions.log($1.0.probability / $1.1) }
            #expect((tilt.logWeight(of: event, start: ruin.start) - logRatio).magnitude < 1e-13)
        }
    }

    @Test func aWinProbabilityIsATilt() throws {
        let ruin = try GamblersRuin()
        let tilt = try ExponentialTilt(winProbability: 0.6, of: ruin)
        let same = ExponentialTilt(parameter: tilt.parameter, of: ruin)
        #expect((same.cumulant - tilt.cumulant).magnitude < 1e-15)
        #expect((same.probabilities(of: ruin)[1] - 0.6).magnitude < 1e-15)
        let unchanged = try ExponentialTilt(winProbability: 18.0 / 37, of: ruin)
        #expect(unchanged.logWeight(of: HittingEvent(games: 500, position: 200), start: 100) == 0)
    }

    @Test func winProbabilitiesAreChecked() throws {
        let ruin = try GamblersRuin(), other = try Oracle.roulette()
        for q in [0, 1, -1, .nan] {
            #expect(throws: InvalidParameter.self) { try ExponentialTilt(winProbability: q, of: ruin) }
        }
        #expect { try ExponentialTilt(winProbability: 0.5, of: other) } throws: { ($0 as? InvalidParameter)?.parameter == "q" }
    }

    @Test func momentsAreTheCumulantsDerivatives() throws {
        for ruin in [try GamblersRuin(), try Oracle.roulette()] {
            let h = 1e-5, theta = 0.07
            let below = ExponentialTilt(parameter: theta - h, of: ruin)
            let here = ExponentialTilt(parameter: theta, of: ruin)
            let above = ExponentialTilt(parameter: theta + h, of: ruin)
            let (mean, variance) = here.gainMoments(of: ruin)
            #expect(((above.cumulant - below.cumulant) / (2 * h) - mean).magnitude < 1e-5)
            #expect(((above.cumulant - 2 * here.cumulant + below.cumulant) / (h * h) / variance - 1).magnitude < 1e-2)
        }
    }
}
