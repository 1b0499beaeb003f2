import Dispatch
import LinearAlgebra
import Synchronization

extension NICE {
    /// Packs the model of a checkpoint's tensors, in either format.
    ///
    /// - Parameter precision: how the weights are to stand in memory, whatever the file has.
    /// - Throws: `CheckpointError` where the tensors are not those of a NICE model, or a number
    ///   among them is none.
    public convenience init(
        _ checkpoint: Checkpoint, precision: Precision
    ) throws(CheckpointError) {
        let architecture = try NICEArchitecture(of: checkpoint)
        let source = NICETensors(checkpoint), storage = Storage(chunk: 1 << 24)
        var couplings: [AdditiveCoupling] = [], loads: [(name: String, map: PackedLinear)] = []
        for index in 0..<architecture.couplings {
            let names = architecture.layers(of: index)
            let layers = names.enumerated().map { level, layer in
                PackedLinear(
                    inputs: layer.inputs, outputs: layer.outputs, precision: precision,
                    keepsTransposed: level < CouplingNetwork.transposedLayers
                        && level < names.count - 1, in: storage)
            }
            loads += zip(names, layers).map { (name: $0.name, map: $1) }
            couplings.append(AdditiveCoupling(
                transformed: index % 2 == 0 ? .even : .odd,
                network: CouplingNetwork(layers, in: storage)))
        }
        try Self.load(loads, from: source)
        let mean = checkpoint[NICEArchitecture.trainingMeanName] == nil
            ? nil : try source.vector(NICEArchitecture.trainingMeanName)
        self.init(
            architecture: architecture, precision: precision, trainingMean: mean,
            couplings: couplings,
            scaling: DiagonalScaling(
                logFactors: try source.vector(NICEArchitecture.scaleName), in: storage),
            storage: storage)
    }

    /// Fills the maps with the tensors of their names, on all cores.
    private static func load(
        _ maps: [(name: String, map: PackedLinear)], from source: NICETensors
    ) throws(CheckpointError) {
        // Of several errors the first layer's is told, whichever thread was first.
        let errors = Mutex<[Int: CheckpointError]>([:])
        DispatchQueue.concurrentPerform(iterations: maps.count) { index in
            do throws(CheckpointError) {
                let (name, map) = maps[index]
                map.load(
                    weight: try source.weight("\(name).weight"),
                    bias: try source.vector("\(name).bias"))
            } catch {
                errors.withLock { $0[index] = error }
            }
        }
        if let first = errors.withLock({ errors in errors.min { $0.key < $1.key } }) { throw first.value }
    }
}

/// A checkpoint's tensors as the packing takes them, checked to hold finite numbers.
private struct NICETensors {
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

    private func check(_ tensor: CheckpointTensor, _ index: Int?) throws(CheckpointError) {
        guard let index else { return }
        throw tensor.failure("element \(index) is not finite, which no weight can be")
    }

    private func tensor(_ name: String) -> CheckpointTensor {
        guard let tensor = checkpoint[name] else {
            preconditionFailure("the architecture has found every tensor")
        }
        return tensor
    }
}
