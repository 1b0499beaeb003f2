import CKernels

/// A layer of rectified linear units, h = max(W x + b, 0), from one evaluation to the next.
///
/// Most units are inactive, and most of those provably stay so while x moves little: one whose
/// pre-activation was −m is inactive until x has moved by m/‖w‖ (see `Trail`; the bound has room
/// for the rounding errors of both sums). Such units are asleep, and need not be computed: the
/// active ones are the same, to the bit, as if they had been. A unit that is not asleep is awake.
///
/// A view of memory that a `Storage` owns.
public struct RectifiedVector: BitwiseCopyable {
    /// The active units and h.
    public let active: SparseVector
    /// The groups with active units; of a layer whose units are computed one by one, none is listed.
    public let activeGroups: GroupList
    public let trail: Trail
    /// How many groups, or units, each member last found awake.
    private let awakeCounts: UnsafeMutablePointer<Int>
    /// Where on the input's trail a group's first unit, or a unit, may wake.
    private let wake: UnsafeMutablePointer<Float>
    private let previous: UnsafeMutablePointer<Float>
    private let length: Int

    public init(length: Int, in storage: Storage) {
        self.length = length
        active = SparseVector(length: length, in: storage)
        activeGroups = GroupList(groups: PackedRows.groups(length), in: storage)
        trail = Trail(in: storage)
        awakeCounts = storage.make(Int.self, count: SparseVector.segments)
        wake = storage.make(Float.self, count: PackedRows.padded(length))
        previous = storage.make(Float.self, count: PackedRows.padded(length))
        // Nothing is known yet.
        wake.update(repeating: -.infinity, count: PackedRows.padded(length))
    }

    /// How many groups, or units, the member last found awake.
    public func awakeCount(of member: Crew.Member) -> Int { awakeCounts[member.index] }

    /// The groups of the member's share that are awake.
    ///
    /// - Parameters:
    ///   - input: where the layer's input stands on its trail.
    ///   - room: for all groups.
    @inline(__always)
    public func awakeGroups(
        _ input: Trail.Position, into room: UnsafeMutablePointer<UInt32>, by member: Crew.Member
    ) -> Selection {
        awake(among: member.share(of: PackedRows.groups(length)), input, room, member)
    }

    /// The units of the member's share that are awake, in a layer whose units are computed one by one.
    ///
    /// - Parameter room: for all units.
    @inline(__always)
    public func awakeUnits(
        _ input: Trail.Position, into room: UnsafeMutablePointer<UInt32>, by member: Crew.Member
    ) -> Selection {
        awake(among: member.columns(of: length), input, room, member)
    }

    @inline(__always)
    private func awake(
        among share: Range<Int>, _ input: Trail.Position, _ room: UnsafeMutablePointer<UInt32>,
        _ member: Crew.Member
    ) -> Selection {
        let count = ck_awake(
            kernelPath, wake, share.lowerBound, share.count, input.reached, room)
        awakeCounts[member.index] = count
        return Selection(numbers: room, count: count)
    }

    /// Takes in the pre-activations of the groups that are awake.
    ///
    /// - Parameter y: of all units; read in those groups.
    @inline(__always)
    public func rectify(
        _ y: UnsafePointer<Float>, groups: Selection, of map: PackedLinear,
        _ input: Trail.Position, by member: Crew.Member
    ) {
        let done = ck_rectify_groups(
            kernelPath, y, groups.numbers, groups.count, layer(map, input, by: member))
        note(done, by: member)
    }

    /// Takes in the pre-activations of the units that are awake, without their biases.
    ///
    /// - Parameter y: of unit units[k] at k.
    @inline(__always)
    public func rectify(
        _ y: UnsafePointer<Float>, units: Selection, of map: PackedLinear,
        _ input: Trail.Position, by member: Crew.Member
    ) {
        let done = ck_rectify_units(
            y, map.bias, units.numbers, units.count, layer(map, input, by: member))
        note(done, by: member)
    }

    @inline(__always)
    private func layer(
        _ map: PackedLinear, _ input: Trail.Position, by member: Crew.Member
    ) -> ck_layer {
        let place = active.room(of: member)
        return ck_layer(
            scale: map.bounds.scale, slack: map.bounds.slack,
            base: input.base(rounding: map.bounds.rounding), shrink: map.bounds.shrink, wake: wake,
            previous: previous, index: place.index, value: place.value,
            group: activeGroups.room(of: member))
    }

    @inline(__always)
    private func note(_ done: ck_activity, by member: Crew.Member) {
        active.keep(done.units, by: member)
        activeGroups.keep(done.groups, by: member)
        trail.note(change: done.change, norm: done.norm, by: member)
    }
}
