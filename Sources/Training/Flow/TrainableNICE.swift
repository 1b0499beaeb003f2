import LinearAlgebra
import NormalizingFlows
import Statistics

/// NICE as it is trained: additive couplings, a diagonal scaling, a logistic prior (`NICE` says more).
///
/// After ReLU most units are 0, and many are so for a whole batch. A layer's activations are
/// passed on without the columns of those: they contribute nothing to the next layer, and their weights
/// have the gradient 0. Once the model has learned for a while that leaves out more than half of all products.
public final class TrainableNICE: TrainableFlow {
    public let architecture: NICEArchitecture
    public let batchCapacity: Int
    public let tensors: [ParameterTensor]
    public let parameterSpan: Int

    public var dimension: Int { architecture.dimension }
    public var metadata: [String: String] { architecture.metadata }
    /// Pixels that a coupling moves, and as many that it keeps.
    var half: Int { dimension / 2 }
    /// Linear maps of a coupling's network.
    var levels: Int { architecture.hiddenLayers + 1 }

    let storage = Storage(chunk: 1 << 24)
    let activations: NICEBatch
    /// Of each tensor.
    private var gradients: [ParameterGradient]
    /// Room for the gradients' values, laid out as the parameters are.
    private let gradientValues: UnsafeMutablePointer<Float>

    /// - Parameters:
    ///   - batchCapacity: images that a batch has at most, at least 1.
    /// - Throws: `OutOfMemory`.
    public init(_ architecture: NICEArchitecture, batchCapacity: Int) throws(OutOfMemory) {
        self.architecture = architecture
        self.batchCapacity = batchCapacity
        tensors = Self.layout(of: architecture)
        parameterSpan = tensors.last.map { $0.offset + $0.span } ?? 0
        activations = try NICEBatch(architecture, capacity: batchCapacity, in: storage)
        gradientValues = try storage.make(Float.self, count: parameterSpan)
        gradients = tensors.map { [gradientValues] tensor in
            ParameterGradient(
                values: gradientValues + tensor.offset, stride: tensor.stride, rows: tensor.rows,
                columns: tensor.columns, rowIndex: nil, columnIndex: nil)
        }
    }

    private static func layout(of architecture: NICEArchitecture) -> [ParameterTensor] {
        var tensors: [ParameterTensor] = [], offset = 0
        for parameter in architecture.parameters {
            // Weights are (outputs, inputs) in the file; here inputs are rows, since that is how they are read.
            let isWeight = parameter.name.hasSuffix(".weight"), shape = parameter.shape
            let rows = isWeight ? shape[1] : 1, columns = isWeight ? shape[0] : shape.reduce(1, *)
            let tensor = ParameterTensor(
                name: parameter.name, shape: shape, rows: rows, columns: columns, stride: NICEBatch.padded(columns),
                offset: offset, isTransposed: isWeight, decays: isWeight)
            tensors.append(tensor)
            offset += tensor.span
        }
        return tensors
    }

    /// The tensor of a coupling's linear map: its weights, or the bias after them.
    package func weight(_ coupling: Int, _ level: Int) -> Int { 2 * (coupling * levels + level) }
    func bias(_ coupling: Int, _ level: Int) -> Int { weight(coupling, level) + 1 }
    package var scale: Int { tensors.count - 1 }

    public func densityDimension(of shown: ShownImages) -> Int { shown.count * dimension }

    public func gradient(of tensor: Int) -> ParameterGradient { gradients[tensor] }

    /// Where the gradient of a tensor goes, and which of its rows and columns it has.
    func setGradient(
        _ tensor: Int, rows: ActiveUnits? = nil, columns: ActiveUnits? = nil
    ) -> (values: UnsafeMutablePointer<Float>, stride: Int) {
        let layout = tensors[tensor], values = gradientValues + layout.offset
        gradients[tensor] = ParameterGradient(
            values: values, stride: layout.stride, rows: rows?.count ?? layout.rows,
            columns: columns?.count ?? layout.columns, rowIndex: rows.map { UnsafePointer($0.numbers) },
            columnIndex: columns.map { UnsafePointer($0.numbers) })
        return (values, layout.stride)
    }

    /// Weights and biases as PyTorch's `nn.Linear` starts them, uniform within ±1/√inputs; the scaling from the data,
    /// s = log(π/√3) − log std, so that latents begin with the logistic distribution's deviation, π/√3.
    public func initialize(_ parameters: UnsafeMutablePointer<Float>, moments: PixelMoments, seed: UInt64) {
        precondition(moments.deviations.count == dimension)
        for (index, tensor) in tensors.enumerated() where index != scale {
            let inputs = tensor.isTransposed ? tensor.rows : tensors[index - 1].rows
            let bound = 1 / Double(inputs).squareRoot()
            let draws = UniformDistribution(lower: -bound, upper: bound).draws(
                tensor.count,
                from: Philox(seed: seed, stream: RandomPurpose.initialization.stream(epoch: index)))
            tensor.load(draws.map { Float($0) }, into: parameters)
        }
        let wanted = 0.5 * ElementaryFunction.log(3.2898681336964528)  // π²/3
        tensors[scale].load(moments.deviations.map { Float(wanted - ElementaryFunction.log($0)) }, into: parameters)
    }
}
