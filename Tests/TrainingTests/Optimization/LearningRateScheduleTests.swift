import Testing
import Training

@Suite struct LearningRateScheduleTests {
    private let schedule = LearningRateSchedule(peak: 0.1, final: 0.001, warmUp: 10, steps: 110)

    @Test func theRateRisesInEqualSteps() {
        for step in 0..<10 { #expect(abs(schedule.rate(at: step) - 0.01 * Double(step + 1)) < 1e-15) }
    }

    @Test func thenItFallsAlongHalfACosine() {
        #expect(schedule.rate(at: 10) == 0.1)
        #expect(abs(schedule.rate(at: 60) - (0.1 + 0.001) / 2) < 1e-15)
        #expect(abs(schedule.rate(at: 110) - 0.001) < 1e-15)
        for step in 10..<110 { #expect(schedule.rate(at: step + 1) < schedule.rate(at: step)) }
        // A cosine is symmetric about its middle.
        for step in 0...50 {
            #expect(abs(schedule.rate(at: 60 - step) + schedule.rate(at: 60 + step) - 0.101) < 1e-14)
        }
    }

    @Test func afterTheEndItStays() { #expect(schedule.rate(at: 1000) == schedule.rate(at: 110)) }

    @Test func aRunShorterThanItsWarmUpOnlyRises() {
        let schedule = LearningRateSchedule(peak: 1, final: 0, warmUp: 100, steps: 5)
        for step in 0..<5 { #expect(schedule.rate(at: step) == Double(step + 1) / 100) }
    }
}
