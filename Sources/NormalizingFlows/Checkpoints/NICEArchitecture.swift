/// The sizes of a NICE model (Dinh, Krueger, Bengio, 2015), as its state dict shows them.
///
/// Names and shapes say all but which half of the pixels the first coupling moves:
/// - `coupling.{i}.in_block.0.{weight (W, D/2), bias (W)}`
/// - `coupling.{i}.mid_block.{j}.0.{weight (W, W), bias (W)}`, one fewer than hidden layers
/// - `coupling.{i}.out_block.{weight (D/2, W), bias (D/2)}`
/// - `scaling.scale (1, D)`
public struct NICEArchitecture: Sendable, Hashable {
    /// D, the number of pixels; even.
    public let dimension: Int
    /// Additive couplings, at least one.
    public let couplings: Int
    /// Hidden layers of each coupling's MLP, at least one.
    public let hiddenLayers: Int
    /// W, units in a hidden layer.
    public let width: Int
    /// Which half of the pixels coupling 0 moves; the others take turns. Tensors cannot tell:
    /// `mask_config` of the usual PyTorch code, 1 = even, 0 = odd.
    public let firstTransformed: PixelParity

    /// The tensor that a checkpoint may hold beside the weights: the mean of the training images, (D).
    public static let trainingMeanName = "training_mean"

    /// Another: the lower triangle, row by row, of the Cholesky factor of the training images' covariance,
    /// (D (D + 1) / 2), with images as x = (byte + u) / 256 and u uniform on 0…1.
    public static let trainingFactorName = "training_covariance_factor"

    public init(dimension: Int, couplings: Int, hiddenLayers: Int, width: Int, firstTransformed: PixelParity = .even) {
        precondition(dimension > 0 && dimension.isMultiple(of: 2) && couplings > 0 && hiddenLayers > 0 && width > 0)
        self.dimension = dimension
        self.couplings = couplings
        self.hiddenLayers = hiddenLayers
        self.width = width
        self.firstTransformed = firstTransformed
    }

    /// A tensor of the state dict and the shape that it has.
    public struct Parameter: Sendable, Hashable {
        public let name: String
        public let shape: [Int]
    }

    /// The half of the pixels that a coupling moves.
    public func transformed(by coupling: Int) -> PixelParity {
        coupling.isMultiple(of: 2) ? firstTransformed : firstTransformed.opposite
    }

    /// All parameters, in the order of PyTorch's state dict.
    public var parameters: [Parameter] {
        (0..<couplings).flatMap(parameters(of:)) + [Parameter(name: Self.scaleName, shape: [1, dimension])]
    }

    /// The parameters of one coupling's MLP.
    public func parameters(of coupling: Int) -> [Parameter] {
        layers(of: coupling).flatMap { layer in
            [
                Parameter(name: "\(layer.name).weight", shape: [layer.outputs, layer.inputs]),
                Parameter(name: "\(layer.name).bias", shape: [layer.outputs]),
            ]
        }
    }

    /// Numbers in all parameters. The model must be one that is in memory or in a file.
    public var parameterCount: Int {
        parameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }

    /// The prefixes of a coupling's linear layers in order, `coupling.{i}.in_block.0` to
    /// `coupling.{i}.out_block`, each y = W x + b with W (outputs, inputs).
    public func layers(of coupling: Int) -> [(name: String, inputs: Int, outputs: Int)] {
        let half = dimension / 2
        let prefix = "coupling.\(coupling)"
        let middle = (0..<hiddenLayers - 1).map { (name: "\(prefix).mid_block.\($0).0", inputs: width, outputs: width) }
        return [("\(prefix).in_block.0", half, width)] + middle + [("\(prefix).out_block", width, half)]
    }

    static let scaleName = "scaling.scale"
}
