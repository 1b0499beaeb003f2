import Synchronization

/// Threads that do one piece of work side by side: every member runs the same code on its share of
/// the numbers, and at a few points all wait for one another. The pieces between two such points
/// take microseconds, so waiting is spinning.
public final class Crew: Sendable {
    private let arrived = PaddedAtomic(), generation = PaddedAtomic()

    public init() {}

    /// A thread's place in a crew for one piece of work.
    public struct Member {
        private let crew: Unmanaged<Crew>?
        public let index: Int
        public let members: Int

        /// The only member there is.
        public static var alone: Member { Member() }

        private init() {
            crew = nil
            index = 0
            members = 1
        }

        /// - Parameters:
        ///   - members: how many threads take part, the same number for each of them.
        ///   - crew: kept by the caller for as long as the member works.
        public init(_ index: Int, of members: Int, in crew: Crew) {
            precondition(index < members)
            self.crew = members > 1 ? .passUnretained(crew) : nil
            self.index = index
            self.members = members
        }

        /// Of the items 0 ..< count, shared out evenly, those of member `index`.
        @inline(__always)
        public func share(of count: Int, for index: Int) -> Range<Int> {
            count * index / members..<count * (index + 1) / members
        }

        /// This member's share.
        @inline(__always)
        public func share(of count: Int) -> Range<Int> { share(of: count, for: index) }

        /// Returns when all members have come here. What they wrote before, each of them sees after.
        @inline(__always)
        public func meet() {
            if let crew { crew._withUnsafeGuaranteedRef { $0.meet(members) } }
        }
    }

    private func meet(_ members: Int) {
        let current = generation.value.load(ordering: .relaxed)
        if arrived.value.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == members {
            arrived.value.store(0, ordering: .relaxed)
            generation.value.store(current + 1, ordering: .releasing)
        } else {
            var spinner = Spinner()
            while generation.value.load(ordering: .acquiring) == current { spinner.spin() }
        }
    }
}

/// An atomic number with cache lines of its own, so that a write to what lies beside it does not
/// disturb who reads it.
public final class PaddedAtomic: Sendable {
    private typealias Lines = InlineArray<16, Int>
    private let before = Lines(repeating: 0)
    public let value = Atomic(0)
    private let after = Lines(repeating: 0)

    public init() {}
}
