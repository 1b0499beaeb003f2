/// Groups of a matrix's columns in rising order, in segments, one for each member of the team: those
/// of its share that are listed.
///
/// A view of memory that a `Storage` owns.
public struct GroupList: BitwiseCopyable {
    private let numbers: UnsafeMutablePointer<UInt32>
    private let counts: UnsafeMutablePointer<Int>
    private let groups: Int

    /// - Parameter groups: how many there are to list.
    public init(groups: Int, in storage: Storage) {
        self.groups = groups
        numbers = storage.make(UInt32.self, count: groups)
        counts = storage.make(Int.self, count: SparseVector.segments)
    }

    /// All groups, in one list for whatever number of members.
    public static func all(_ groups: Int, in storage: Storage) -> UnsafePointer<UInt32> {
        let numbers = storage.make(UInt32.self, count: groups)
        for group in 0..<groups { numbers[group] = UInt32(group) }
        return UnsafePointer(numbers)
    }

    /// Where the member's segment is written.
    @inline(__always)
    func room(of member: ThreadTeam.Member) -> UnsafeMutablePointer<UInt32> {
        numbers + member.share(of: groups).lowerBound
    }

    @inline(__always)
    func keep(_ count: Int, by member: ThreadTeam.Member) { counts[member.index] = count }

    /// How many the member has listed.
    public func count(of member: ThreadTeam.Member) -> Int { counts[member.index] }

    /// All members' segments one after the other. `room` has room for all groups.
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
