import Statistics
import Testing

@Suite struct EstimateTests {
    @Test func figuresFollowFromValueAndError() {
        let estimate = Estimate(value: -4, standardError: 0.5)
        #expect(estimate.relativeError == 0.125)
        #expect(estimate.zScore(against: -5) == 2)
        #expect(estimate.scaled(by: 2) == Estimate(value: -8, standardError: 1))
    }

    @Test func whatDoesNotExistIsNil() {
        #expect(Estimate(value: 0, standardError: 1).relativeError == nil)
        #expect(Estimate(value: 1, standardError: nil).relativeError == nil)
        #expect(Estimate(value: 1, standardError: 0).zScore(against: 1) == nil)
        #expect(Estimate(RunningMoments([(1, 1)])).standardError == nil)
    }
}
