import LinearAlgebra

/// A NICE checkpoint's tensors as the packing takes them, checked to hold numbers that can be served.
struct NICETensors {
    private let checkpoint: Checkpoint
    /// How the matrices are stored in memory.
    private let precision: Precision

    /// The largest bias whose square single precision holds, and the largest norm of a unit's weights.
    private static let largest: Float = 0x1p63

    init(_ checkpoint: Checkpoint, precision: Precision) {
        self.checkpoint = checkpoint
        self.precision = precision
    }

    /// Fills a map with the weights and the bias of a layer.
    func load(_ layer: String, into map: PackedLinear, order: UnitOrder) throws(CheckpointError) {
        let tensor = tensor("\(layer).weight"), bias = try bias(of: layer)
        switch tensor.elementType {
        case .float16:
            try tensor.withHalves { (halves) throws(CheckpointError) in
                if let index = Half.firstNotFinite(in: halves) {
                    throw tensor.failure(at: index, "is \(Float(binary16: halves[index])), which no weight can be")
                }
                map.load(weight: .halves(halves), bias: bias, order: order)
            }
        case .float32, .bfloat16:
            let weight = try vector(tensor.name)
            if precision == .float16, let index = weight.firstIndex(where: { $0.binary16 & 0x7fff >= 0x7c00 }) {
                throw tensor.failure(
                    at: index,
                    "is \(weight[index]), which float16 cannot hold: it ends at ±65504; float32 holds it")
            }
            map.load(weight: .floats(weight), bias: bias, order: order)
        }
    }

    func bias(of layer: String) throws(CheckpointError) -> [Float] {
        let name = "\(layer).bias", values = try vector(name)
        if let index = values.firstIndex(where: { $0.magnitude >= Self.largest }) {
            throw tensor(name).failure(at: index, "is \(values[index]); a bias lies within ±9.2e18")
        }
        return values
    }

    /// s of the scaling layer: e^s and e^−s are normal numbers in single precision.
    func logFactors() throws(CheckpointError) -> [Float] {
        let name = NICEArchitecture.scaleName, values = try vector(name)
        if let index = values.firstIndex(where: { $0.magnitude > 87 }) {
            throw tensor(name).failure(
                at: index,
                "is \(values[index]); e to its power and the inverse must be numbers of single precision, "
                    + "which they are within ±87")
        }
        return values
    }

    /// Numbers that are all finite.
    func vector(_ name: String) throws(CheckpointError) -> [Float] {
        let tensor = tensor(name), values = tensor.floats()
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw tensor.failure(at: index, "is \(values[index]), which no weight can be")
        }
        return values
    }

    /// Throws where the squared norm of a unit's weights leaves single precision.
    ///
    /// - Parameter squaredNorms: of each row of the layer's weights.
    func check(squaredNorms: [Float], of layer: String) throws(CheckpointError) {
        guard let row = squaredNorms.firstIndex(where: { !($0 < Self.largest * Self.largest) }) else { return }
        let tensor = tensor("\(layer).weight"), columns = tensor.shape[1]
        let weights = [Float](unsafeUninitializedCapacity: columns) { buffer, count in
            if let start = buffer.baseAddress { tensor.copyRow(row, to: start) }
            count = columns
        }
        if let column = weights.firstIndex(where: { !$0.isFinite }) {
            throw tensor.failure(
                at: row * columns + column, "is \(weights[column]), which no weight can be")
        }
        let largest = weights.indices.max { weights[$0].magnitude < weights[$1].magnitude } ?? 0
        throw tensor.failure(
            at: row * columns + largest,
            "is \(weights[largest]): with it the norm of its row exceeds 9.2e18, "
                + "whose square single precision cannot hold")
    }

    /// Throws where a layer makes numbers of an ordinary image whose squared norm leaves single precision.
    func check(outputs: [Float], of layer: String) throws(CheckpointError) {
        guard !outputs.reduce(0, { $0 + $1 * $1 }).isFinite else { return }
        let unit = outputs.indices.max { !(outputs[$0].magnitude >= outputs[$1].magnitude) } ?? 0
        throw tensor("\(layer).weight").failure(
            "row \(unit) makes \(outputs[unit]) of an ordinary image: single precision cannot hold its square")
    }

    /// Not checked.
    func tensor(_ name: String) -> CheckpointTensor {
        guard let tensor = checkpoint[name] else {
            preconditionFailure("the architecture has found every tensor")
        }
        return tensor
    }
}
