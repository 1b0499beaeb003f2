import Statistics
import Testing

@Suite struct ConfidenceIntervalTests {
    /// P(h successes in n trials) for all h, by convolution.
    private func binomial(_ n: Int, _ p: Double) -> [Double] {
        var law = [1.0]
        for _ in 0..<n {
            var next = [Double](repeating: 0, count: law.count + 1)
            for (h, mass) in law.enumerated() {
                next[h] += mass * (1 - p)
                next[h + 1] += mass * p
            }
            law = next
        }
        return law
    }

    @Test func withoutSuccessTheChanceOfThatIsOneMinusConfidence() {
        for n in [1, 10, 3000] as [UInt64] {
            for confidence in [0.5, 0.95, 0.999] {
                let interval = ConfidenceInterval.noSuccess(trials: n, confidence: confidence)
                var chance = 1.0
                for _ in 0..<n { chance *= 1 - interval.upper }
                #expect(interval.lower == 0)
                #expect((chance / (1 - confidence) - 1).magnitude < 1e-10)
            }
        }
    }

    /// Exact coverage, over all probabilities and not at one: never far below 95 %, on
    /// average above it.
    @Test(arguments: [5, 10, 30, 100])
    func proportionsAreCovered(trials: Int) {
        let intervals = (0...trials).map {
            ConfidenceInterval.proportion(successes: UInt64($0), trials: UInt64(trials), confidence: 0.95)
        }
        var average = 0.0
        for step in 1..<200 {
            let p = Double(step) / 200
            let covered = zip(binomial(trials, p), intervals)
                .reduce(0.0) { $0 + ($1.1.lower <= p && p <= $1.1.upper ? $1.0 : 0) }
            #expect(covered > 0.925, "\(trials) trials, p = \(p)")
            average += covered / 199
        }
        #expect(average > 0.95)
    }

    @Test func proportionsAreSymmetric() {
        for successes in 0...20 as ClosedRange<UInt64> {
            let a = ConfidenceInterval.proportion(successes: successes, trials: 20, confidence: 0.9)
            let b = ConfidenceInterval.proportion(successes: 20 - successes, trials: 20, confidence: 0.9)
            // At ten of twenty both are the same side's.
            if successes != 10 {
                #expect((a.lower - (1 - b.upper)).magnitude < 1e-15 && (a.upper - (1 - b.lower)).magnitude < 1e-15)
            }
            #expect(0 <= a.lower && a.lower < a.upper && a.upper <= 1)
        }
    }

    @Test func manyDrawsGiveTheNormalInterval() {
        let interval = ConfidenceInterval.nonnegativeMean(
            Estimate(value: 1, standardError: 1e-5), largest: 1e-10, confidence: 0.95)
        #expect((interval.lower - (1 - 1.95996e-5)).magnitude < 1e-9)
        #expect((interval.upper - (1 + 1.95996e-5)).magnitude < 1e-9)
    }

    /// One Poisson event: 0.0253 and 5.5716 (Garwood, 1936).
    @Test func oneEventOfManyTrialsGivesGarwoodsInterval() {
        let interval = ConfidenceInterval.nonnegativeMean(
            Estimate(value: 1, standardError: 1), largest: 1, confidence: 0.95)
        #expect((interval.lower - 0.025317807984289897).magnitude < 1e-10)
        #expect((interval.upper - 5.571643390938898).magnitude < 1e-8)
    }

    @Test func withoutErrorItIsAPoint() {
        let interval = ConfidenceInterval.nonnegativeMean(
            Estimate(value: 0.25, standardError: 0), largest: 0.1, confidence: 0.95)
        #expect(interval == ConfidenceInterval(lower: 0.25, upper: 0.25))
    }
}
