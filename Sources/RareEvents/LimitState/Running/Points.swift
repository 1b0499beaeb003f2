/// Points of standard normal space, one after the other.
struct Points: Sendable, Hashable {
    let dimension: Int
    /// (count, dimension).
    var coordinates: [Double]

    init(dimension: Int, _ coordinates: [Double] = []) {
        self.dimension = dimension
        self.coordinates = coordinates
    }

    init(dimension: Int, _ points: [[Double]]) {
        self.init(dimension: dimension, points.flatMap { $0 })
    }

    var count: Int { coordinates.count / dimension }

    subscript(_ i: Int) -> ArraySlice<Double> { coordinates[i * dimension..<(i + 1) * dimension] }

    mutating func append(_ other: Points) { coordinates += other.coordinates }

    /// Those with these indices.
    func selected(_ indices: [Int]) -> Points {
        var selected = Points(dimension: dimension)
        selected.coordinates.reserveCapacity(indices.count * dimension)
        for i in indices { selected.coordinates += self[i] }
        return selected
    }
}

extension Sequence where Element == Double {
    /// Σ x².
    var squaredNorm: Double { reduce(0) { $0 + $1 * $1 } }
}
