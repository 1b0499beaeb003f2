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
    ///   is not finite in that precision, or the model makes such a number of an ordinary image.
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
                transformed: architecture.transformed(by: index),
                network: CouplingNetwork(layers, in: storage)))
        }
        try Self.perform(loads, from: source)
        self.init(
            architecture: architecture, precision: precision, trainingMean: mean,
            couplings: couplings,
            scaling: DiagonalScaling(
                logFactors: try source.logFactors(), in: storage),
            storage: storage)
        do throws(NonFiniteValue) {
            try probe()
        } catch {
            throw CheckpointError(
                file: checkpoint.file.path, place: error.tensor.map { "tensor \(quoted($0))" } ?? "",
                reason: "for an ordinary image or draw, \(error)")
        }
    }

    /// Takes the mean image, a white one and two draws through the model, there and back: what a model
    /// of too large weights fails at.
    private func probe() throws(NonFiniteValue) {
        let workspace = makeWorkspace()
        let ordinary = trainingMean ?? Array(repeating: 0.25, count: dimension)
        for image in [ordinary, Array(repeating: 1, count: dimension)] {
            differentiate(image, in: workspace)
            _ = try workspace.finiteGradient()
        }
        for index: UInt64 in 0..<2 {
            _ = try sample(index, temperature: 1, in: workspace, using: Philox(seed: 0))
        }
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
