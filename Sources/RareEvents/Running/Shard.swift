import Statistics

/// One of the parts that a run is divided into: `index` of `count`, from 0.
public struct Shard: Sendable, Hashable {
    public let index: UInt64
    public let count: UInt64

    /// The whole run.
    public static let whole = Shard(uncheckedIndex: 0, count: 1)

    public init(index: UInt64, count: UInt64) throws(InvalidParameter) {
        guard index < count else {
            throw InvalidParameter("shard", "must be an index from 0, below the number of shards")
        }
        self.init(uncheckedIndex: index, count: count)
    }

    private init(uncheckedIndex index: UInt64, count: UInt64) {
        self.index = index
        self.count = count
    }

    /// Its gamblers of 0 ..< n: shards differ in size by at most one, and tile the run.
    public func gamblers(of n: UInt64) -> Range<UInt64> {
        bound(index, n)..<bound(index + 1, n)
    }

    private func bound(_ i: UInt64, _ n: UInt64) -> UInt64 {
        UInt64(UInt128(n) * UInt128(i) / UInt128(count))
    }

    /// The moments of the whole run of n gamblers from those of all its shards, in any order.
    ///
    /// - Throws: `ShardError` where a shard is missing, repeated, one of another number of shards, or not of
    ///   the size that it should have.
    public static func merge(
        _ shards: [(shard: Shard, moments: RuinMoments)], gamblers n: UInt64
    ) throws(ShardError) -> RuinMoments {
        guard let (first, moments) = shards.first else { throw ShardError("There are no shards to merge.") }
        let count = first.count
        var places: [UInt64: Int] = [:], total = moments
        for (place, (shard, moments)) in shards.enumerated() {
            guard shard.count == count else {
                throw ShardError(
                    "This is one of \(shard.count) shards, but the first is one of \(count).", at: place, .shard)
            }
            if let other = places.updateValue(place, forKey: shard.index) {
                throw ShardError(
                    "Shard \(shard.index)/\(count) is repeated: element \(other) is the same shard.", at: place, .shard)
            }
            let size = shard.gamblers(of: n).count
            guard moments.gamblers == UInt64(size) else {
                throw ShardError(
                    "Shard \(shard.index)/\(count) has \(size) gamblers, not \(moments.gamblers).", at: place, .count)
            }
            if place == 0 { continue }
            switch (total.hits, moments.hits) {
            case (.counts, .counts), (.relativeSums, .relativeSums): total.merge(moments)
            default: throw ShardError("Its moments are of another method than the first shard’s.", at: place, .moments)
            }
        }
        if let missing = (0..<count).first(where: { places[$0] == nil }) {
            throw ShardError("Shard \(missing)/\(count) is missing.")
        }
        return total
    }
}

/// Why shards do not make up a run.
public struct ShardError: Error, Hashable, Sendable {
    /// What of a shard is wrong.
    public enum Part: Hashable, Sendable {
        case shard, moments, count
    }

    /// A sentence.
    public let reason: String
    /// The shard that is wrong, by its place in the list from 0; nil where the list is.
    public let place: Int?
    public let part: Part

    init(_ reason: String, at place: Int? = nil, _ part: Part = .shard) {
        self.reason = reason
        self.place = place
        self.part = part
    }
}
