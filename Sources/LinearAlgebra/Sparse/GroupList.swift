/// A list of groups of a matrix's columns, in rising order, in one segment for each member of the
/// team: what that member has listed of its share.
///
/// A view of memory that a `Storage` owns.
public struct GroupList: BitwiseCopyable {
    private let numbers: UnsafeMutablePointer<UInt32>
    private let counts: UnsafeMutablePointer<Int>
    private let groups: Int

    /// - Parameter groups: how many groups there are.
    public init(groups: Int, in storage: Storage) throws(OutOfMemory) {
        self.groups = groups
        numbers = try storage.make(UInt32.self, count: groups)
        counts = try storage.make(Int.self, count: SparseVector.segments)
    }

    /// The numbers of all groups, in one list for any number of members.
    public static func all(
        _ groups: Int, in storage: Storage
    ) throws(OutOfMemory) -> UnsafePointer<UInt32> {
        let numbers = try storage.make(UInt32.self, count: groups)
        for group in 0..<groups { numbers[group] = UInt32(group) }
        return UnsafePointer(numbers)
    }

    /// Where the member writes its segment.
    @inline(__always)
    func room(of member: ThreadTeam.Member) -> UnsafeMutablePointer<UInt32> {
        numbers + member.share(of: groups).lowerBound
    }

    @inline(__always)
    func keep(_ count: Int, by member: ThreadTeam.Member) { counts[member.index] = count }

    /// How many the member has listed.
    public func count(of member: ThreadTeam.Member) -> Int { counts[member.index] }

    /// All members' segments one after the other, copied to `room`, which holds all groups.
    @inline(__always)
    public func joined(
        into room: UnsafeMutablePointer<UInt32>, of member: ThreadTeam.Member
    ) -> Selection {
        var count = 0
        for number in 0..<member.members {
            let first = member.share(of: groups, for: number).lowerBound
            (room + count).update(from: numbers + first, count: counts[number])
            count += counts[number]
        }
        return Selection(numbers: room, count: count)
    }
}

/// The numbers of some groups or units in rising order, as the kernels take them.
public struct Selection: BitwiseCopyable {
    public let numbers: UnsafePointer<UInt32>
    public let count: Int

    public init(numbers: UnsafePointer<UInt32>, count: Int) {
        self.numbers = numbers
        self.count = count
    }
}
