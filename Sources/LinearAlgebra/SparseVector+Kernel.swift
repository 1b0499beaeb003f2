import CKernels

/// The entries of a vector that are not 0: their indices in rising order and their values, in
/// segments, one for each member of the crew that looked for them: its share of the vector.
///
/// A view of memory that a `Storage` owns.
public struct SparseVector: BitwiseCopyable {
    /// Members of a crew, at most.
    public static let segments = 4
    /// The kernels write up to eight entries past the last one they keep.
    private static let slack = 8

    private let index: UnsafeMutablePointer<UInt32>
    private let value: UnsafeMutablePointer<Float>
    private let counts: UnsafeMutablePointer<Int>
    private let length: Int

    /// One segment: `count` indices into the dense vector, and their values.
    public struct Segment: BitwiseCopyable {
        public let index: UnsafeMutablePointer<UInt32>
        public let value: UnsafeMutablePointer<Float>
        public let count: Int
        /// Where the segment's entries stand among those of the vector, gaps included: for arrays
        /// of `room` entries that go with them.
        public let offset: Int
    }

    /// - Parameter length: of the dense vectors that this one can hold.
    public init(length: Int, in storage: Storage) {
        self.length = length
        index = storage.make(UInt32.self, count: Self.room(length))
        value = storage.make(Float.self, count: Self.room(length))
        counts = storage.make(Int.self, count: Self.segments)
    }

    /// Entries, gaps included, that all segments together may need.
    public static func room(_ length: Int) -> Int {
        PackedRows.padded(length) + segments * slack
    }

    /// What member `number` of the crew has kept.
    @inline(__always)
    public func segment(_ number: Int, of member: Crew.Member) -> Segment {
        let offset = start(number, of: member)
        return Segment(
            index: index + offset, value: value + offset, count: counts[number], offset: offset)
    }

    @inline(__always)
    private func start(_ number: Int, of member: Crew.Member) -> Int {
        let groups = member.share(of: PackedRows.groups(length), for: number)
        return groups.lowerBound * PackedRows.group + number * Self.slack
    }

    /// Keeps the entries of the member's share of `dense` that are > 0: ReLU.
    public func keepPositive(_ dense: UnsafePointer<Float>, by member: Crew.Member) {
        let places = member.columns(of: length), offset = start(member.index, of: member)
        counts[member.index] = ck_compact_positive(
            kernelPath, dense + places.lowerBound, places.count, UInt32(places.lowerBound),
            index + offset, value + offset)
    }

    /// Keeps the entries of the member's share of `dense` that are not 0.
    public func keepNonzero(_ dense: UnsafePointer<Float>, by member: Crew.Member) {
        let places = member.columns(of: length), offset = start(member.index, of: member)
        counts[member.index] = ck_compact_nonzero(
            kernelPath, dense + places.lowerBound, places.count, UInt32(places.lowerBound),
            index + offset, value + offset)
    }
}

extension Crew.Member {
    /// The member's share of the columns of a matrix: whole groups, cut off at their number.
    @inline(__always)
    public func columns(of count: Int) -> Range<Int> {
        let groups = share(of: PackedRows.groups(count))
        return min(groups.lowerBound * PackedRows.group, count)
            ..< min(groups.upperBound * PackedRows.group, count)
    }
}
