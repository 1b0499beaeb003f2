import Compute
import Testing

@Suite struct HelpBackoffTests {
    /// Iterations without help until it is wanted again.
    private func rest(_ pace: inout HelpBackoff) -> Int {
        var count = 0
        while !pace.isWanted && count < 10_000 {
            pace.note(.milliseconds(1), members: 1)
            count += 1
        }
        return count
    }

    @Test func theFirstIterationIsTheMeasure() {
        var pace = HelpBackoff()
        #expect(rest(&pace) == 1)
    }

    @Test func helpThatPaysStays() {
        var pace = HelpBackoff()
        pace.note(.milliseconds(1), members: 1)
        for _ in 0..<100 {
            pace.note(.microseconds(600), members: 2)
            #expect(pace.isWanted)
        }
    }

    @Test func helpThatHindersIsTriedEverMoreSeldom() {
        var pace = HelpBackoff(), rests: [Int] = []
        pace.note(.milliseconds(1), members: 1)
        for _ in 0..<9 {
            pace.note(.milliseconds(10), members: 2)
            rests.append(rest(&pace))
        }
        #expect(rests == [8, 16, 32, 64, 128, 256, 512, 512, 512])
    }

    /// Where everything has become slower, help is judged by what it is slower than now.
    @Test func theMeasureFollowsTheMachine() {
        var pace = HelpBackoff()
        pace.note(.milliseconds(1), members: 1)
        for _ in 0..<100 { pace.note(.milliseconds(4), members: 1) }
        pace.note(.milliseconds(6), members: 2)
        #expect(pace.isWanted)
        pace.note(.milliseconds(9), members: 2)
        #expect(!pace.isWanted)
    }
}
