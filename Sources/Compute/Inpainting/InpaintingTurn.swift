import LinearAlgebra
import NormalizingFlows

/// A row's turn on a thread, its leader. Threads that have nothing else to do help: each iteration
/// is done by the leader and whoever had come by its beginning, and yields the same bits however
/// many they are.
final class InpaintingTurn: Sendable {
    /// Threads an iteration, at most: one more would wait for the others longer than it helps.
    static let mostMembers = SparseVector.segments

    let row: InpaintingRow
    private let crew = Crew()
    /// What to do now: number of the iteration, members, demand; `ended` after the last.
    private let plan = PaddedAtomic()
    private let helpers = PaddedAtomic()
    private static let ended = -1

    init(_ row: InpaintingRow) { self.row = row }

    /// Threads that help.
    var helperCount: Int { helpers.value.load(ordering: .relaxed) }

    /// Makes the calling thread a helper; called under the scheduler's lock, as is what makes the
    /// turn known and what ends that.
    ///
    /// - Returns: its index in the crew.
    func enrol() -> Int { helpers.value.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue }

    /// One iteration, with the helpers there are if they are wanted. The leader's.
    ///
    /// - Returns: how many threads did it.
    func iterate(helped: Bool) -> Int {
        let number = (plan.value.load(ordering: .relaxed) >> 9) + 1
        let members = helped ? 1 + helpers.value.load(ordering: .acquiring) : 1
        let isGradient = row.run.demand == .gradient
        row.prepare()
        plan.value.store(number << 9 | members << 1 | (isGradient ? 1 : 0), ordering: .releasing)
        row.evaluate(gradient: isGradient, by: Crew.Member(0, of: members, in: crew))
        return members
    }

    /// Sends the helpers away. The leader's.
    func end() { plan.value.store(Self.ended, ordering: .releasing) }

    /// Takes part until the turn ends.
    func help(as index: Int) {
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
            let members = now >> 1 & 0xff
            // Who came after the iteration had begun waits for the next.
            if index < members {
                row.evaluate(gradient: now & 1 == 1, by: Crew.Member(index, of: members, in: crew))
            }
        }
    }
}
