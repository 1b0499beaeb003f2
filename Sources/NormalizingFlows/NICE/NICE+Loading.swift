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
        let mean = try source.trainingMean()
        let orders = try HiddenOrders(of: architecture, source, mean: mean)
        var couplings: [AdditiveCoupling] = [], loads: [Load] = []
        for index in 0..<architecture.couplings {
            let names = architecture.layers(of: index)
            let layers = names.enumerated().map { level, layer in
                PackedLinear(
                    inputs: layer.inputs, outputs: layer.outputs, precision: precision,
                    layout: CouplingNetwork.layout(ofLevel: level), in: storage)
            }
            for (level, map) in layers.enumerated() {
                loads.append(Load(
                    name: names[level].name, map: map,
                    order: orders.order(coupling: index, level: level, of: map)))
            }
            couplings.append(AdditiveCoupling(
                transformed: index % 2 == 0 ? .even : .odd,
                network: CouplingNetwork(layers, in: storage)))
        }
        try Self.perform(loads, from: source)
        self.init(
            architecture: architecture, precision: precision, trainingMean: mean,
            couplings: couplings,
            scaling: DiagonalScaling(
                logFactors: try source.vector(NICEArchitecture.scaleName), in: storage),
            storage: storage)
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
