import LinearAlgebra

/// A NICE checkpoint's tensors as the packing takes them, checked to hold finite numbers.
struct NICETensors {
    private let checkpoint: Checkpoint

    init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

    func weight(_ name: String) throws(CheckpointError) -> WeightSource {
        let tensor = tensor(name)
        switch tensor.elementType {
        case .float16:
            let halves = tensor.halves()
            try check(tensor, halves.firstIndex { $0 & 0x7c00 == 0x7c00 })
            return .halves(halves)
        case .float32, .bfloat16:
            return .floats(try vector(name))
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
