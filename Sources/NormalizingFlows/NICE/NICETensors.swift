import LinearAlgebra

/// A NICE checkpoint's tensors as the packing takes them, checked to hold finite numbers.
struct NICETensors {
    private let checkpoint: Checkpoint

    init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

    /// Fills a map with the weights and the bias of a layer.
    func load(_ layer: String, into map: PackedLinear, order: UnitOrder) throws(CheckpointError) {
        let tensor = tensor("\(layer).weight"), bias = try vector("\(layer).bias")
        switch tensor.elementType {
        case .float16:
            try tensor.withHalves { (halves) throws(CheckpointError) in
                try check(tensor, Half.firstNotFinite(in: halves))
                map.load(weight: .halves(halves), bias: bias, order: order)
            }
        case .float32, .bfloat16:
            map.load(weight: .floats(try vector(tensor.name)), bias: bias, order: order)
        }
    }

    func vector(_ name: String) throws(CheckpointError) -> [Float] {
        let tensor = tensor(name), values = tensor.floats()
        try check(tensor, values.firstIndex { !$0.isFinite })
        return values
    }

    /// The mean of the training images, where the checkpoint records it.
    func trainingMean() throws(CheckpointError) -> [Float]? {
        checkpoint[NICEArchitecture.trainingMeanName] == nil
            ? nil : try vector(NICEArchitecture.trainingMeanName)
    }

    private func check(_ tensor: CheckpointTensor, _ index: Int?) throws(CheckpointError) {
        guard let index else { return }
        throw tensor.failure("element \(index) is not finite, which no weight can be")
    }

    /// Not checked.
    func tensor(_ name: String) -> CheckpointTensor {
        guard let tensor = checkpoint[name] else {
            preconditionFailure("the architecture has found every tensor")
        }
        return tensor
    }
}
