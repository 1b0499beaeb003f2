import RareEvents
import Statistics
import Testing

@Suite struct SecondMomentTests {
    /// Problems with an exact law and a choice of tilt.
    private func problems() throws -> [GamblersRuin] {
        try Oracle.variety().filter { $0.goal < 1000 && $0.isReachable && $0.outcomes.count > 1 && $0.maximumGames > 1 }
    }

    private func moment(_ ruin: GamblersRuin) throws -> SecondMoment {
        let exact = try #require(try ExactRuin(ruin))
        return try #require(SecondMoment(exact, of: ruin))
    }

    @Test func agreesWithTheOraclesSum() throws {
        for ruin in try problems() {
            let moment = try moment(ruin)
            for theta in [0, 0.05, 0.2] {
                let tilt = ExponentialTilt(parameter: theta / Double(ruin.largestWin), of: ruin)
                let sum = Oracle.hittingLaw(ruin).sorted { $0.key < $1.key }.reduce(0.0) {
                    $0 + $1.value * ScalarFunctions.exp(tilt.logWeight(of: $1.key, start: ruin.start))
                }
                #expect((moment.logarithm(under: tilt).value - ScalarFunctions.log(sum)).magnitude < 1e-10)
            }
        }
    }

    @Test func derivativesAgreeWithDifferences() throws {
        for ruin in try problems() {
            let moment = try moment(ruin)
            let h = 1e-4 / Double(ruin.largestWin), theta = 0.1 / Double(ruin.largestWin)
            let (below, here, above) = (
                moment.logarithm(under: ExponentialTilt(parameter: theta - h, of: ruin)),
                moment.logarithm(under: ExponentialTilt(parameter: theta, of: ruin)),
                moment.logarithm(under: ExponentialTilt(parameter: theta + h, of: ruin)))
            #expect(((above.value - below.value) / (2 * h) - here.slope).magnitude < 1e-3 * max(here.slope.magnitude, here.curvature * theta))
            #expect(((above.slope - below.slope) / (2 * h) - here.curvature).magnitude < 1e-3 * here.curvature)
            #expect(here.curvature > 0)
        }
    }

    /// No tilt beside the chosen one has a smaller second moment (q is kept to six digits).
    @Test func theAutomaticTiltIsTheBest() throws {
        for ruin in try problems() {
            let plan = try RuinPlan(ruin, seed: 1)
            let moment = try moment(ruin)
            let chosen = moment.logarithm(under: plan.tilt).value
            for step in [-0.1, -0.01, -0.001, 0.001, 0.01, 0.1] {
                let other = ExponentialTilt(parameter: plan.tilt.parameter + step / Double(ruin.largestWin), of: ruin)
                #expect(moment.logarithm(under: other).value > chosen - 1e-9)
            }
        }
    }

    /// Found independently, by Brent's method on the exact law in SciPy: 0.5880699.
    @Test func theBestForRedAtRouletteIsKnown() throws {
        let plan = try RuinPlan(GamblersRuin(), seed: 1)
        #expect(plan.tilt.winProbability == 0.58807)
        #expect(try RuinPlan(GamblersRuin(), seed: 99).tilt == plan.tilt)
    }
}
