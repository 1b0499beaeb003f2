import RareEvents
import Statistics
import Testing

/// Every public entry point at the ends of what it takes: an error with a name, or a report.
@Suite struct RuinExtremesTests {
    private struct OutOfPatience: Error {}

    private static let chances = [
        -1, 0, 5e-324, 2.2250738585072014e-308, 1e-300, 1e-17, 1e-9, 0.25, 18.0 / 37, 0.5, 0.75, 1 - 1e-9, 1.0.nextDown, 1,
        1.0.nextUp, 1e308, .infinity, .nan,
    ]
    private static let whole: [Int64] = [.min, -1, 0, 1, 2, 3, 10, 100, 4_194_304, 1 << 49, (1 << 50) - 1, 1 << 50, (1 << 50) + 1, 1 << 53, .max]

    @Test func extremesGiveAReportOrANamedError() throws {
        var generator = PhiloxGenerator(Philox(seed: 12))
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }
        var reports = 0, refusals = 0, interruptions = 0
        for _ in 0..<3000 {
            // Often enough something ordinary, so that not everything is refused at once.
            let isMild = Bool.random(using: &generator)
            let start = isMild ? pick([1, 2, 5, 100]) : pick(Self.whole)
            let goal = isMild ? pick([3, 10, 101, 200, 1 << 50]) : pick(Self.whole)
            let games = isMild ? pick([1, 5, 600, 100_000]) : UInt64(clamping: pick(Self.whole))
            let p = isMild ? pick([5e-324, 1e-9, 0.5, 1.0.nextDown]) : pick(Self.chances)
            do {
                let ruin = Bool.random(using: &generator)
                    ? try GamblersRuin(winProbability: p, start: start, goal: goal, maximumGames: games)
                    : try GamblersRuin(
                        outcomes: [
                            .init(amount: pick(Self.whole), probability: p), .init(amount: pick(Self.whole), probability: 1 - p),
                            .init(amount: -3, probability: 1e-12),
                        ], start: start, goal: goal, maximumGames: games)
                let q = pick(Self.chances)
                // What takes long looks at its deadline often.
                var patience = 300
                func check() throws {
                    patience -= 1
                    if patience < 0 { throw OutOfPatience() }
                }
                let method = pick(RuinPlan.Method.allCases)
                let plan = try RuinPlan(
                    ruin, method: method,
                    proposal: method == .importance && Bool.random(using: &generator) ? .winProbability(q) : .automatic,
                    confidence: pick([0.5, 0.95, 1.0.nextDown, 5e-324]), seed: pick([0, 1 << 53 - 1, .max]), check: check)
                let report = plan.report(try plan.simulate(0..<pick([1, 2, 100]), check: check))
                reports += 1
                let interval = report.confidenceInterval
                #expect(0 <= interval.lower && interval.lower <= interval.upper && interval.upper <= 1, "\(plan)")
                #expect(report.estimate.value >= 0, "\(plan)")
                #expect(report.estimate.value <= 1 || !report.warnings.isEmpty, "\(plan)")
                #expect(plan.tilt.parameter.isFinite && plan.tilt.cumulant.isFinite, "\(plan)")
            } catch let error as InvalidParameter {
                refusals += 1
                #expect(!error.parameter.isEmpty && !error.reason.isEmpty)
            } catch is OutOfPatience {
                interruptions += 1
            }
        }
        #expect(reports > 200 && refusals > 200, "\(reports) reports, \(refusals) refusals, \(interruptions) interruptions")
    }
}
