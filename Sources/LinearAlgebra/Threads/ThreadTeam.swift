/// Threads that do one piece of work side by side: every member runs the same code on its share of
/// the numbers, and at a few points all wait for one another at the team's barrier.
public final class ThreadTeam: Sendable {
    fileprivate let barrier = Barrier()

    public init() {}

    /// A thread's place in a team for one piece of work.
    public struct Member {
        private let team: Unmanaged<ThreadTeam>?
        public let index: Int
        public let members: Int

        /// A team of one.
        public static var alone: Member { Member() }

        private init() {
            team = nil
            index = 0
            members = 1
        }

        /// - Parameters:
        ///   - members: how many threads take part, the same number for each of them.
        ///   - team: kept alive by the caller while the member works.
        public init(_ index: Int, of members: Int, in team: ThreadTeam) {
            precondition(index < members)
            self.team = members > 1 ? .passUnretained(team) : nil
            self.index = index
            self.members = members
        }

        /// Of the items 0 ..< count, divided evenly, those of member `index`.
        @inline(__always)
        public func share(of count: Int, for index: Int) -> Range<Int> {
            count * index / members..<count * (index + 1) / members
        }

        /// This member's share.
        @inline(__always)
        public func share(of count: Int) -> Range<Int> { share(of: count, for: index) }

        /// Returns when all members have arrived here. What each wrote before, all of them see after.
        @inline(__always)
        public func arriveAndWait() {
            if let team {
                team._withUnsafeGuaranteedRef { $0.barrier.arriveAndWait(threads: members) }
            }
        }
    }
}
