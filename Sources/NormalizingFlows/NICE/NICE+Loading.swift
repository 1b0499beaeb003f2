import Dispatch
import LinearAlgebra
import Synchronization

extension NICE {
    /// Packs the model of a checkpoint's tensors, in either format.
    ///
    /// - Parameter precision: how the weights are to stand in memory, whatever the file has.
    /// - Throws: `CheckpointError` where the tensors are not those of a NICE model, a number among
    ///   them is none, or the system has no memory for them.
    public convenience init(
        _ checkpoint: Checkpoint, precision: Precision
    ) throws(CheckpointError) {
        let file = checkpoint.file.path
        let architecture = try NICEArchitecture(of: checkpoint)
        let source = NICETensors(checkpoint), storage = Storage(chunk: 1 << 24)
        let mean = try source.trainingMean()
        let orders = try HiddenOrders(of: architecture, source, mean: mean)
        var couplings: [AdditiveCoupling] = [], loads: [Load] = []
        for index in 0..<architecture.couplings {
            let names = architecture.layers(of: index)
            let layers = try Self.allocating(for: file) { () throws(OutOfMemory) in
                try names.enumerated().map { level, layer throws(OutOfMemory) in
                    try PackedLinear(
                        inputs: layer.inputs, outputs: layer.outputs, precision: precision,
                        layout: CouplingNetwork.layout(ofLevel: level), in: storage)
                }
            }
            for (level, map) in layers.enumerated() {
                loads.append(Load(
                    name: names[level].name, map: map,
                    order: orders.order(coupling: index, level: level, of: map)))
            }
            couplings.append(AdditiveCoupling(
                transformed: index % 2 == 0 ? .even : .odd,
                network: try Self.allocating(for: file) { () throws(OutOfMemory) in
                    try CouplingNetwork(layers, in: storage)
                }))
        }
        try Self.perform(loads, from: source)
        let logFactors = try source.vector(NICEArchitecture.scaleName)
        self.init(
            architecture: architecture, precision: precision, trainingMean: mean,
            couplings: couplings,
            scaling: try Self.allocating(for: file) { () throws(OutOfMemory) in
                try DiagonalScaling(logFactors: logFactors, in: storage)
            },
            storage: storage)
    }

    /// Runs `body`, and names the weights file where there is no memory for it.
    private static func allocating<Value>(
        for file: String, _ body: () throws(OutOfMemory) -> Value
    ) throws(CheckpointError) -> Value {
        do { return try body() } catch { throw CheckpointError(file: file, reason: "\(error)") }
    }

    /// A map to fill with the tensors of its name.
    private struct Load: Sendable {
        let name: String
        let map: PackedLinear
        let order: UnitOrder
    }

    /// Fills the maps, on all cores.
    private static func perform(
        _ loads: [Load], from source: NICETensors
    ) throws(CheckpointError) {
        // Of several errors the first layer's is told, whichever thread was first.
        let errors = Mutex<[Int: CheckpointError]>([:])
        DispatchQueue.concurrentPerform(iterations: loads.count) { index in
            do throws(CheckpointError) {
                let load = loads[index]
                try source.load(load.name, into: load.map, order: load.order)
            } catch {
                errors.withLock { $0[index] = error }
            }
        }
        if let first = errors.withLock({ errors in errors.min { $0.key < $1.key } }) { throw first.value }
    }
}
