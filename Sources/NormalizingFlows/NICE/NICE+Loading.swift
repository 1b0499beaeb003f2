import Dispatch
import LinearAlgebra
import Statistics
import Synchronization

extension NICE {
    /// Packs the model of a checkpoint's tensors, in either format.
    ///
    /// - Parameters:
    ///   - precision: how the matrices are stored in memory, whatever the file's element type.
    ///   - firstTransformed: which half of the pixels the first coupling moves; what the file records,
    ///     else the even-indexed one, where it is nil.
    /// - Throws: `CheckpointError` where the tensors are not those of a NICE model, a number among them
    ///   is not finite in that precision, the model makes such a number of an ordinary image, or the
    ///   system has no memory for it.
    public convenience init(
        _ checkpoint: Checkpoint, precision: Precision, firstTransformed: PixelParity? = nil
    ) throws(CheckpointError) {
        try self.init(
            checkpoint, NICEArchitecture(of: checkpoint, firstTransformed: firstTransformed),
            precision: precision)
    }

    /// - Parameter architecture: the checkpoint's.
    convenience init(
        _ checkpoint: Checkpoint, _ architecture: NICEArchitecture, precision: Precision
    ) throws(CheckpointError) {
        let source = NICETensors(checkpoint, precision: precision), storage = Storage(chunk: 1 << 24)
        let file = checkpoint.file.path
        let mean = try checkpoint.trainingMean(dimension: architecture.dimension)
        let factor = try checkpoint.trainingFactor(dimension: architecture.dimension)
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
                loads.append(
                    Load(
                        name: names[level].name, map: map,
                        order: orders.order(coupling: index, level: level, of: map)))
            }
            couplings.append(
                AdditiveCoupling(
                    transformed: architecture.transformed(by: index),
                    network: try Self.allocating(for: file) { () throws(OutOfMemory) in
                        try CouplingNetwork(layers, in: storage)
                    }))
        }
        try Self.perform(loads, from: source)
        let logFactors = try source.logFactors()
        self.init(
            architecture: architecture, precision: precision, trainingMean: mean, trainingFactor: factor,
            couplings: couplings,
            scaling: try Self.allocating(for: file) { () throws(OutOfMemory) in
                try DiagonalScaling(logFactors: logFactors, in: storage)
            },
            storage: storage)
        let workspace = try Self.allocating(for: file) { () throws(OutOfMemory) in try makeWorkspace() }
        do throws(NonFiniteValue) {
            try probe(in: workspace)
        } catch {
            throw CheckpointError(
                file: file, place: error.tensor.map { "tensor \(quoted($0))" } ?? "",
                reason: "for an ordinary image or draw, \(error)")
        }
    }

    /// Takes the mean image, a white one and two draws through the model, there and back: what a model
    /// of too large weights fails at.
    private func probe(in workspace: NICEWorkspace) throws(NonFiniteValue) {
        let ordinary = trainingMean ?? Array(repeating: 0.25, count: dimension)
        for image in [ordinary, Array(repeating: 1, count: dimension)] {
            differentiate(image, in: workspace)
            _ = try workspace.finiteGradient()
        }
        for index: UInt64 in 0..<2 {
            _ = try sample(index, temperature: 1, in: workspace, using: Philox(seed: 0))
        }
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
        // Of several errors the first layer's is reported, whichever thread found its own first.
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
