import Dispatch
import LinearAlgebra
import Synchronization

/// The order of the units of each hidden layer in memory, which the model's function does not depend on.
///
/// Units that are often active are put into the same groups, so that other groups are provably inactive
/// as a whole: in the shipped weights' hidden layers except the first, 55 to 84 percent of the units are
/// active for none of 200 test digits. The units are ranked by their pre-activations, divided by the
/// norms of their weights, at four images: the mean of the training images (grey where it is not known)
/// times 0, ½, 1 and 2. The order depends on the weights alone, and the arithmetic has the same bits on
/// every machine.
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
            let moved = architecture.transformed(by: coupling).offset, layers = architecture.layers(of: coupling)
            var values = images.map { $0[1 - moved] }, orders: [[Int]] = []
            for (level, layer) in layers.enumerated() {
                let bias = try source.bias(of: layer.name)
                var products = Self.products(
                    source.tensor("\(layer.name).weight"), layer.outputs, layer.inputs, values)
                let squares = products.removeLast()
                try source.check(squaredNorms: squares, of: layer.name)
                values = products.map { zip($0, bias).map(+) }
                for outputs in values { try source.check(outputs: outputs, of: layer.name) }
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

    /// The order of a map's outputs and inputs; the network's own inputs and outputs keep theirs.
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

    /// The units by their mean margin, the one most likely to be active first.
    private static func ranked(_ values: [[Float]], _ squares: [Float]) -> [Int] {
        let scores = squares.indices.map { unit in
            let score = values.reduce(Float(0)) { $0 + $1[unit] }
                / max(squares[unit], .leastNormalMagnitude).squareRoot()
            return score.isNaN ? 0 : score
        }
        return scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    }

    /// Assigns the ranked units to places, one group to each quarter of the groups in turn: each of two or
    /// four threads that share a layer then has an equal share of the likely active units, side by side.
    private static func spread(_ ranked: [Int]) -> [Int] {
        let groups = PackedRows.groups(ranked.count)
        var quarters = (0..<4).map { groups * $0 / 4..<groups * ($0 + 1) / 4 }
        var places = [Int](repeating: 0, count: ranked.count), next = 0
        while next < ranked.count {
            // The halves alternate as well.
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
