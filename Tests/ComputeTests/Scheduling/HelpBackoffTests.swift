import Compute
import Testing

@Suite struct HelpBackoffTests {
    /// Iterations without help until it is wanted again.
    private func rest(_ backoff: inout HelpBackoff) -> Int {
        var count = 0
        while !backoff.isWanted && count < 10_000 {
            backoff.note(.milliseconds(1), members: 1)
            count += 1
        }
        return count
    }

    @Test func theFirstIterationIsTheMeasure() {
        var backoff = HelpBackoff()
        #expect(rest(&backoff) == 1)
    }

    @Test func helpThatPaysStays() {
        var backoff = HelpBackoff()
        backoff.note(.milliseconds(1), members: 1)
        for _ in 0..<100 {
            backoff.note(.microseconds(600), members: 2)
            #expect(backoff.isWanted)
        }
    }

    @Test func helpThatHindersIsTriedEverMoreSeldom() {
        var backoff = HelpBackoff(), rests: [Int] = []
        backoff.note(.milliseconds(1), members: 1)
        for _ in 0..<9 {
            backoff.note(.milliseconds(10), members: 2)
            rests.append(rest(&backoff))
        }
        #expect(rests == [8, 16, 32, 64, 128, 256, 512, 512, 512])
    }

    /// Where everything has become slower, help is judged by what it is slower than now.
    @Test func theMeasureFollowsTheMachine() {
        var backoff = HelpBackoff()
        backoff.note(.milliseconds(1), members: 1)
        for _ in 0..<100 { backoff.note(.milliseconds(4), members: 1) }
        backoff.note(.milliseconds(6), members: 2)
        #expect(backoff.isWanted)
        backoff.note(.milliseconds(9), members: 2)
        #expect(!backoff.isWanted)
    }
}
