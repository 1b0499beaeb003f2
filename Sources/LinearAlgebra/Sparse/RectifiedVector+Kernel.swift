import CKernels

/// A layer of rectified linear units, h = max(W x + b, 0), from one evaluation to the next.
///
/// Most units are inactive, and most of those provably stay inactive while x moves little: one
/// whose pre-activation was −m is inactive until x has moved by m/‖w‖ (`DriftBound`; the bound has
/// room for the rounding errors of both sums). Units that are provably inactive need not be
/// computed: the active ones are the same, to the bit, as if they had been. All others are
/// possibly active.
///
/// A view of memory that a `Storage` owns.
public struct RectifiedVector: BitwiseCopyable {
    /// The active units and h.
    public let active: SparseVector
    /// The groups with active units; empty for a layer whose units are computed one by one.
    public let activeGroups: GroupList
    public let drift: DriftBound
    /// How many groups, or units, each member last found possibly active.
    private let possiblyActiveCounts: UnsafeMutablePointer<Int>
    /// Of each group, or unit: the input's drift until which it is provably inactive.
    private let inactiveUntil: UnsafeMutablePointer<Float>
    private let previous: UnsafeMutablePointer<Float>
    private let length: Int

    public init(length: Int, in storage: Storage) {
        self.length = length
        active = SparseVector(length: length, in: storage)
        activeGroups = GroupList(groups: PackedRows.groups(length), in: storage)
        drift = DriftBound(in: storage)
        possiblyActiveCounts = storage.make(Int.self, count: SparseVector.segments)
        inactiveUntil = storage.make(Float.self, count: PackedRows.padded(length))
        previous = storage.make(Float.self, count: PackedRows.padded(length))
        // Nothing is known yet.
        inactiveUntil.update(repeating: -.infinity, count: PackedRows.padded(length))
    }

    /// How many groups, or units, the member last found possibly active.
    public func possiblyActiveCount(of member: ThreadTeam.Member) -> Int {
        possiblyActiveCounts[member.index]
    }

    /// The groups of the member's share that are possibly active.
    ///
    /// - Parameters:
    ///   - input: the drift of the layer's input.
    ///   - room: for all groups.
    @inline(__always)
    public func possiblyActiveGroups(
        _ input: DriftBound.Value, into room: UnsafeMutablePointer<UInt32>,
        by member: ThreadTeam.Member
    ) -> Selection {
        possiblyActive(among: member.share(of: PackedRows.groups(length)), input, room, member)
    }

    /// The units of the member's share that are possibly active, in a layer whose units are
    /// computed one by one.
    ///
    /// - Parameter room: for all units.
    @inline(__always)
    public func possiblyActiveUnits(
        _ input: DriftBound.Value, into room: UnsafeMutablePointer<UInt32>,
        by member: ThreadTeam.Member
    ) -> Selection {
        possiblyActive(among: member.columns(of: length), input, room, member)
    }

    @inline(__always)
    private func possiblyActive(
        among share: Range<Int>, _ input: DriftBound.Value, _ room: UnsafeMutablePointer<UInt32>,
        _ member: ThreadTeam.Member
    ) -> Selection {
        let count = ck_possibly_active(
            instructionSet, inactiveUntil, share.lowerBound, share.count, input.reached, room)
        possiblyActiveCounts[member.index] = count
        return Selection(numbers: room, count: count)
    }

    /// Takes in the pre-activations of the groups that are possibly active.
    ///
    /// - Parameter y: of all units; read in those groups.
    @inline(__always)
    public func rectify(
        _ y: UnsafePointer<Float>, groups: Selection, of map: PackedLinear,
        _ input: DriftBound.Value, by member: ThreadTeam.Member
    ) {
        let done = ck_rectify_groups(
            instructionSet, y, groups.numbers, groups.count, layer(map, input, by: member))
        note(done, by: member)
    }

    /// Takes in the pre-activations of the units that are possibly active, without their biases.
    ///
    /// - Parameter y: of unit units[k] at k.
    @inline(__always)
    public func rectify(
        _ y: UnsafePointer<Float>, units: Selection, of map: PackedLinear,
        _ input: DriftBound.Value, by member: ThreadTeam.Member
    ) {
        let done = ck_rectify_units(
            y, map.bias, units.numbers, units.count, layer(map, input, by: member))
        note(done, by: member)
    }

    @inline(__always)
    private func layer(
        _ map: PackedLinear, _ input: DriftBound.Value, by member: ThreadTeam.Member
    ) -> ck_layer {
        let place = active.room(of: member)
        return ck_layer(
            scale: map.bounds.scale, slack: map.bounds.slack,
            base: input.base(rounding: map.bounds.rounding), shrink: map.bounds.shrink,
            inactive_until: inactiveUntil, previous: previous, index: place.index,
            value: place.value, group: activeGroups.room(of: member))
    }

    @inline(__always)
    private func note(_ done: ck_activity, by member: ThreadTeam.Member) {
        active.keep(done.units, by: member)
        activeGroups.keep(done.groups, by: member)
        drift.note(change: done.change, norm: done.norm, by: member)
    }
}
