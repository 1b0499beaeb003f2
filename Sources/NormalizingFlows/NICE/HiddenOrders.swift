import Dispatch
import LinearAlgebra
import Synchronization

/// In which order the units of each hidden layer stand in memory, which means nothing to the model.
///
/// Units that are active together are to stand in the same groups, so that other groups are
/// provably inactive as a whole: of the shipped weights' hidden layers but the first, 55 to 84 in a hundred units are
/// active for none of 200 test digits. So the units are ranked by how far from 0 their
/// pre-activations are, in norms of their weights, at four images: the mean of the training images
/// (or, unknown, grey) times 0, ½, 1 and 2. That depends on the weights alone, in arithmetic with the
/// same bits everywhere.
struct HiddenOrders {
    /// By coupling and hidden layer, the unit at each place.
    private var places: [[[Int]]] = []
    private static let brightness: [Float] = [0, 0.5, 1, 2]
    private static let grey: Float = 0.25

    init(
        of architecture: NICEArchitecture, _ source: NICETensors, mean: [Float]?
    ) throws(CheckpointError) {
        let mean = mean ?? Array(repeating: Self.grey, count: architecture.dimension)
        // The halves of each image.
        var images = Self.brightness.map { brightness in
            (0..<2).map { parity in
                (0..<architecture.dimension / 2).map { brightness * mean[2 * $0 + parity] }
            }
        }
        for coupling in 0..<architecture.couplings {
            let moved = coupling % 2, layers = architecture.layers(of: coupling)
            var values = images.map { $0[1 - moved] }, orders: [[Int]] = []
            for (level, layer) in layers.enumerated() {
                let bias = try source.vector("\(layer.name).bias")
                var products = Self.products(
                    source.tensor("\(layer.name).weight"), layer.outputs, layer.inputs, values)
                let squares = products.removeLast()
                values = products.map { zip($0, bias).map(+) }
                guard level < layers.count - 1 else { break }
                orders.append(Self.spread(Self.ranked(values, squares)))
                values = values.map { $0.map { max($0, 0) } }
            }
            for image in images.indices {
                images[image][moved] = zip(images[image][moved], values[image]).map(+)
            }
            places.append(orders)
        }
    }

    /// The order of a map's outputs and inputs; those of the network stand as they are.
    func order(coupling: Int, level: Int, of map: PackedLinear) -> UnitOrder {
        let hidden = places[coupling]
        return UnitOrder(
            outputs: level < hidden.count ? hidden[level] : Array(0..<map.outputs),
            inputs: level > 0 ? hidden[level - 1] : Array(0..<map.inputs))
    }

    /// W x for each x, then the squared norms of W's rows, in four pieces at once.
    private static func products(
        _ weight: CheckpointTensor, _ outputs: Int, _ inputs: Int, _ vectors: [[Float]]
    ) -> [[Float]] {
        let pieces = 4, found = Mutex<[Int: [[Float]]]>([:])
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
            let rows = outputs * piece / pieces..<outputs * (piece + 1) / pieces
            let products = RowProducts.of(rows: rows, columns: inputs, with: vectors) {
                weight.copyRow($0, to: $1)
            }
            found.withLock { $0[piece] = products }
        }
        return found.withLock { found in
            (0...vectors.count).map { vector in (0..<pieces).flatMap { found[$0]?[vector] ?? [] } }
        }
    }

    /// The units by their mean margin, the likeliest to be active first.
    private static func ranked(_ values: [[Float]], _ squares: [Float]) -> [Int] {
        let scores = squares.indices.map { unit in
            let score = values.reduce(Float(0)) { $0 + $1[unit] }
                / max(squares[unit], .leastNormalMagnitude).squareRoot()
            return score.isNaN ? 0 : score
        }
        return scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    }

    /// Deals the ranked units to places, a group to each quarter of the groups by turns: each member
    /// of a team of two or four finds its share of those likely to be active, side by side.
    private static func spread(_ ranked: [Int]) -> [Int] {
        let groups = PackedRows.groups(ranked.count)
        var quarters = (0..<4).map { groups * $0 / 4..<groups * ($0 + 1) / 4 }
        var places = [Int](repeating: 0, count: ranked.count), next = 0
        while next < ranked.count {
            // By turns in either half as well.
            for quarter in [0, 2, 1, 3] {
                guard let group = quarters[quarter].popFirst() else { continue }
                let first = group * PackedRows.group
                for place in first..<min(first + PackedRows.group, ranked.count) {
                    places[place] = ranked[next]
                    next += 1
                }
            }
        }
        return places
    }
}
