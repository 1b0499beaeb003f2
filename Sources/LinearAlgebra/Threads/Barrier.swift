/// A point that a fixed number of threads pass together: each waits there until all have arrived.
///
/// What lies between two arrivals takes microseconds, so a thread that waits spins on the
/// processor at first (`Spinner`). The barrier can be used again as soon as it is passed.
public final class Barrier: Sendable {
    private let arrived = PaddedAtomic(), generation = PaddedAtomic()

    public init() {}

    /// Returns when `threads` threads have called this. What each wrote before, all of them see after.
    ///
    /// - Parameter threads: the same number in every call.
    func arriveAndWait(threads: Int) {
        let current = generation.value.load(ordering: .relaxed)
        if arrived.value.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == threads {
            arrived.value.store(0, ordering: .relaxed)
            generation.value.store(current &+ 1, ordering: .releasing)
        } else {
            var spinner = Spinner()
            while generation.value.load(ordering: .acquiring) == current { spinner.spin() }
        }
    }
}
