import Compute
import Fixtures
import LinearAlgebra
import Synchronization
import Testing

@Suite struct SharedSliceTests {
    /// Notes who did which step.
    private final class Steps: SharedWork {
        let done = Mutex<[[Int]]>(Array(repeating: [], count: 200))

        func perform(_ step: Int, by member: ThreadTeam.Member) {
            done.withLock { $0[step].append(member.index) }
            member.arriveAndWait()
        }
    }

    @Test func aloneTheLeaderDoesAllSteps() {
        let steps = Steps(), slice = SharedSlice(steps)
        for step in 0..<200 { #expect(slice.perform(step, helped: true) == 1) }
        slice.end()
        #expect(steps.done.withLock { $0 } == Array(repeating: [0], count: 200))
    }

    /// Each step is done once by the leader and once by each helper that had come by its beginning.
    @Test func helpersTakePartUntilTheSliceEnds() {
        let steps = Steps(), slice = SharedSlice(steps)
        let indices = [slice.enrol(), slice.enrol()]
        #expect(slice.helperCount == 2)
        runTogether(3) { thread in
            if thread == 0 {
                for step in 0..<200 { #expect(slice.perform(step, helped: step % 3 != 0) == (step % 3 == 0 ? 1 : 3)) }
                slice.end()
            } else {
                slice.help(as: indices[thread - 1])
            }
        }
        for (step, members) in steps.done.withLock({ $0 }).enumerated() {
            #expect(members.sorted() == (step % 3 == 0 ? [0] : [0, 1, 2]))
        }
    }
}
