import LinearAlgebra

/// Work whose steps threads can do together.
package protocol SharedWork: AnyObject, Sendable {
    /// A member's part of a step. When it returns to member 0, all have done theirs.
    func perform(_ step: Int, by member: ThreadTeam.Member)
}

/// A turn of shared work on a thread, its leader. Threads that have nothing else to do help: each
/// step is done by the leader and whoever had come by its beginning, and yields the same bits however
/// many they are.
package final class SharedSlice: Sendable {
    /// Threads a step, at most: one more would wait for the others longer than it helps.
    package static let mostMembers = SparseVector.segments

    private let work: any SharedWork
    private let team = ThreadTeam()
    /// What to do now: how many steps were before, members, step; `ended` after the last.
    private let plan = PaddedAtomic()
    private let helpers = PaddedAtomic()
    private static let ended = -1

    package init(_ work: any SharedWork) { self.work = work }

    /// Threads that help.
    package var helperCount: Int { helpers.value.load(ordering: .relaxed) }

    /// Makes the calling thread a helper; called under the scheduler's lock, as is what makes the
    /// turn known and what ends that.
    ///
    /// - Returns: its index in the team.
    package func enrol() -> Int { helpers.value.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue }

    /// One step, with the helpers there are if they are wanted. The leader's.
    ///
    /// - Parameter step: below 2¹⁶.
    /// - Returns: how many threads did it.
    package func perform(_ step: Int, helped: Bool) -> Int {
        let number = (plan.value.load(ordering: .relaxed) >> 24) + 1
        let members = helped ? 1 + helpers.value.load(ordering: .acquiring) : 1
        plan.value.store(number << 24 | members << 16 | step, ordering: .releasing)
        work.perform(step, by: ThreadTeam.Member(0, of: members, in: team))
        return members
    }

    /// Sends the helpers away. The leader's.
    package func end() { plan.value.store(Self.ended, ordering: .releasing) }

    /// Takes part until the turn ends.
    package func help(as index: Int) {
        var seen = 0, spinner = Spinner()
        while true {
            let now = plan.value.load(ordering: .acquiring)
            guard now != seen else {
                spinner.spin()
                continue
            }
            if now == Self.ended { return }
            seen = now
            spinner = Spinner()
            let members = now >> 16 & 0xff
            // Who came after the step had begun waits for the next.
            if index < members {
                work.perform(now & 0xffff, by: ThreadTeam.Member(index, of: members, in: team))
            }
        }
    }
}
