/// The entries of a vector that are not 0: their indices in rising order and their values, in
/// segments, one for each member of the team that looked for them: its share of the vector.
///
/// A view of memory that a `Storage` owns.
public struct SparseVector: BitwiseCopyable {
    /// Members of a team, at most.
    public static let segments = 4

    private let index: UnsafeMutablePointer<UInt32>
    private let value: UnsafeMutablePointer<Float>
    private let counts: UnsafeMutablePointer<Int>
    private let length: Int

    /// One segment: `count` indices into the dense vector, and their values.
    public struct Segment: BitwiseCopyable {
        public let index: UnsafeMutablePointer<UInt32>
        public let value: UnsafeMutablePointer<Float>
        public let count: Int
        /// Where the segment's entries stand among those of the vector, gaps included: for padded
        /// arrays that go with them.
        public let offset: Int
    }

    /// - Parameter length: of the dense vectors that this one can hold.
    public init(length: Int, in storage: Storage) {
        self.length = length
        index = storage.make(UInt32.self, count: PackedRows.padded(length))
        value = storage.make(Float.self, count: PackedRows.padded(length))
        counts = storage.make(Int.self, count: Self.segments)
    }

    /// What member `number` of the team has kept.
    @inline(__always)
    public func segment(_ number: Int, of member: ThreadTeam.Member) -> Segment {
        let offset = start(number, of: member)
        return Segment(
            index: index + offset, value: value + offset, count: counts[number], offset: offset)
    }

    @inline(__always)
    private func start(_ number: Int, of member: ThreadTeam.Member) -> Int {
        member.share(of: PackedRows.groups(length), for: number).lowerBound * PackedRows.group
    }

    /// Where the member's segment is written.
    @inline(__always)
    func room(
        of member: ThreadTeam.Member
    ) -> (index: UnsafeMutablePointer<UInt32>, value: UnsafeMutablePointer<Float>) {
        let offset = start(member.index, of: member)
        return (index + offset, value + offset)
    }

    @inline(__always)
    func keep(_ count: Int, by member: ThreadTeam.Member) { counts[member.index] = count }
}

extension ThreadTeam.Member {
    /// The member's share of the columns of a matrix: whole groups, cut off at their number.
    @inline(__always)
    public func columns(of count: Int) -> Range<Int> {
        let groups = share(of: PackedRows.groups(count))
        return min(groups.lowerBound * PackedRows.group, count)
            ..< min(groups.upperBound * PackedRows.group, count)
    }
}
