import Synchronization

/// Whether all that work can hand out for now is in other threads' hands: of work that several threads do at once.
struct Exhaustion: ~Copyable, Sendable {
    private let flag = Atomic(false)

    var isReached: Bool { flag.load(ordering: .relaxed) }

    /// What a step comes to that leaves the work so. Under the work's lock.
    @discardableResult func note(_ isReached: Bool) -> StepResult {
        let before = flag.exchange(isReached, ordering: .relaxed)
        return before && !isReached ? .unblocked : .unfinished
    }
}
