import Statistics

/// One slice of a run: `index` of `count`, from 0.
public struct Shard: Sendable, Hashable {
    public let index: UInt64
    public let count: UInt64

    /// The whole run.
    public static let whole = Shard(uncheckedIndex: 0, count: 1)

    public init(index: UInt64, count: UInt64) throws(InvalidParameter) {
        guard index < count else {
            throw InvalidParameter("shard", "must be an index from 0, below the number of slices")
        }
        self.init(uncheckedIndex: index, count: count)
    }

    private init(uncheckedIndex index: UInt64, count: UInt64) {
        self.index = index
        self.count = count
    }

    /// Its gamblers of 0 ..< n: slices differ in size by at most one, and tile the run.
    public func gamblers(of n: UInt64) -> Range<UInt64> {
        bound(index, n)..<bound(index + 1, n)
    }

    private func bound(_ i: UInt64, _ n: UInt64) -> UInt64 {
        UInt64(UInt128(n) * UInt128(i) / UInt128(count))
    }

    /// The moments of the whole run of n gamblers from those of all its shards, in any order.
    ///
    /// - Throws: `InvalidParameter` naming `shard` where one is missing, repeated, of
    ///   another sharding, or not of the size that it should have.
    public static func merge(
        _ shards: [(shard: Shard, moments: RuinMoments)], gamblers n: UInt64
    ) throws(InvalidParameter) -> RuinMoments {
        guard let count = shards.first?.shard.count else { throw InvalidParameter("shard", "is missing: there are none") }
        var seen: Set<UInt64> = []
        for (shard, moments) in shards {
            guard shard.count == count else {
                throw InvalidParameter("shard", "must be of one sharding, and not of \(count) and of \(shard.count) slices")
            }
            guard seen.insert(shard.index).inserted else {
                throw InvalidParameter("shard", "\(shard.index)/\(count) is there twice")
            }
            guard moments.gamblers == UInt64(shard.gamblers(of: n).count) else {
                throw InvalidParameter("shard", "\(shard.index)/\(count) has not the gamblers of its slice")
            }
        }
        if seen.count < count {
            let missing = (0..<count).first { !seen.contains($0) }!
            throw InvalidParameter("shard", "\(missing)/\(count) is missing")
        }
        var total = shards[0].moments
        for (_, moments) in shards.dropFirst() {
            switch (total.hits, moments.hits) {
            case (.counts, .counts), (.relativeSums, .relativeSums): total.merge(moments)
            default: throw InvalidParameter("shard", "must have moments of one method")
            }
        }
        return total
    }
}
