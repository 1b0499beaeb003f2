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

    /// Its gamblers, draws or directions of 0 ..< n: shards differ in size by at most one, and tile the run.
    public func gamblers(of n: UInt64) -> Range<UInt64> {
        bound(index, n)..<bound(index + 1, n)
    }

    private func bound(_ i: UInt64, _ n: UInt64) -> UInt64 {
        UInt64(UInt128(n) * UInt128(i) / UInt128(count))
    }

    /// The moments of the whole run from those of all its shards, in any order.
    ///
    /// - Parameter n: how many gamblers, draws or directions the whole run has.
    /// - Throws: `ShardError` where a shard is missing, repeated, one of another number of shards, or not of
    ///   the size that it should have.
    public static func merge<Moments: ShardMoments>(
        _ shards: [(shard: Shard, moments: Moments)], of n: UInt64
    ) throws(ShardError) -> Moments {
        guard let count = shards.first?.shard.count else { throw ShardError("There are no shards to merge.") }
        var places: [UInt64: Int] = [:]
        for (place, (shard, moments)) in shards.enumerated() {
            guard shard.count == count else {
                throw ShardError(
                    "This is one of \(shard.count) shards, but the first is one of \(count).", at: place, .shard)
            }
            if let other = places.updateValue(place, forKey: shard.index) {
                throw ShardError(
                    "Shard \(shard.index)/\(count) is repeated: element \(other) is the same shard.", at: place, .shard)
            }
            let size = UInt64(shard.gamblers(of: n).count)
            guard moments.count == size else {
                throw ShardError(
                    "Shard \(shard.index)/\(count) has \(size) \(moments.counted), not \(moments.count).", at: place,
                    .count)
            }
        }
        if let missing = (0..<count).first(where: { places[$0] == nil }) {
            throw ShardError("Shard \(missing)/\(count) is missing.")
        }
        // In the order of the run, which the draws of some moments keep.
        let ordered = shards.enumerated().sorted { $0.element.shard.index < $1.element.shard.index }
        var total = ordered[0].element.moments
        for (place, (_, moments)) in ordered.dropFirst() where !total.append(moments) {
            throw ShardError("Its moments are of another kind than the other shards’.", at: place, .moments)
        }
        return total
    }
}

/// What is kept of a run's shard, enough to merge it with those of the others.
public protocol ShardMoments {
    /// Gamblers, draws or directions in the shard.
    var count: UInt64 { get }
    /// What they are called, in the plural.
    var counted: String { get }
    /// Adds those of the shard that comes next in the run.
    ///
    /// - Returns: false where they are of another kind, and nothing was added.
    mutating func append(_ next: Self) -> Bool
}

extension RuinMoments: ShardMoments {
    public var count: UInt64 { gamblers }
    public var counted: String { "gamblers" }

    public mutating func append(_ next: RuinMoments) -> Bool {
        switch (hits, next.hits) {
        case (.counts, .counts), (.relativeSums, .relativeSums): merge(next)
        default: return false
        }
        return true
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
