import CKernels

/// A dense vector that comes from outside, seen from one evaluation to the next: which of its groups
/// are not 0 everywhere, and how far it has drifted.
///
/// A view of memory that a `Storage` owns.
public struct ObservedVector: BitwiseCopyable {
    /// The groups that are not 0 everywhere.
    public let groups: GroupList
    public let drift: DriftBound
    private let previous: UnsafeMutablePointer<Float>
    private let count: Int

    public init(length: Int, in storage: Storage) {
        count = PackedRows.groups(length)
        groups = GroupList(groups: count, in: storage)
        drift = DriftBound(in: storage)
        previous = storage.make(Float.self, count: PackedRows.padded(length))
    }

    /// Takes in the member's share of the vector, padded with zeros.
    public func observe(_ x: UnsafePointer<Float>, by member: ThreadTeam.Member) {
        let share = member.share(of: count)
        let seen = ck_observe(
            instructionSet, x, share.lowerBound, share.count, previous, groups.room(of: member))
        groups.keep(seen.groups, by: member)
        drift.note(change: seen.change, norm: seen.norm, by: member)
    }
}
