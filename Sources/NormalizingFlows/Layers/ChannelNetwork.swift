import LinearAlgebra

/// A multilayer perceptron across the channels of each position, the same at all of them: 1×1
/// convolutions with a nonlinearity between. Couplings compute their shifts and scales with it; it
/// need not be invertible.
///
/// Over a tensor with one position an image it is an ordinary perceptron of `inputs` numbers.
public struct ChannelNetwork: Sendable, Hashable {
    /// The nonlinearity between the linear maps.
    public enum Activation: String, Sendable, Hashable, CaseIterable {
        case tanh, relu
    }

    /// y = W a + b, W (outputs, inputs), b (outputs).
    public struct Layer: Sendable, Hashable {
        public internal(set) var weight: Matrix
        public internal(set) var bias: [Double]
    }

    public private(set) var layers: [Layer]
    public let activation: Activation

    public var inputs: Int { layers[0].weight.columns }
    public var outputs: Int { layers[layers.count - 1].weight.rows }

    /// A network of given numbers.
    ///
    /// - Parameters:
    ///   - layers: from the input on; W as rows, one an output.
    ///   - inputs: how many channels the first layer meets.
    ///   - outputs: how many the last one must make; any number where nil.
    /// - Throws: `LayerError` by the name `layers` where shapes do not meet or a number is not
    ///   finite.
    public init(
        layers: [(weight: [[Double]], bias: [Double])], inputs: Int, outputs: Int? = nil,
        activation: Activation = .tanh
    ) throws(LayerError) {
        guard !layers.isEmpty else { throw LayerError("layers", reason: "must not be empty") }
        self.layers = []
        self.activation = activation
        var width = inputs
        for (index, layer) in layers.enumerated() {
            let isLast = index == layers.count - 1
            do throws(LayerError) {
                guard !layer.weight.isEmpty else {
                    throw LayerError("weight", reason: "must not be empty")
                }
                let weight = try Matrix(
                    "weight", rows: layer.weight, rowCount: isLast ? outputs : nil,
                    columnCount: width)
                guard layer.bias.count == weight.rows else {
                    throw LayerError(
                        "bias", reason: "must have \(weight.rows) numbers, not \(layer.bias.count)")
                }
                try layer.bias.requireFinite("bias")
                self.layers.append(Layer(weight: weight, bias: layer.bias))
                width = weight.rows
            } catch {
                throw error.within("layers", "\(index)")
            }
        }
    }

    init(layers: [Layer], activation: Activation) {
        self.layers = layers
        self.activation = activation
    }

    /// In order of the layers the weight, row by row, then the bias: as PyTorch's state dicts do.
    public var parameters: [LayerParameter] {
        layers.enumerated().flatMap { index, layer in
            [
                LayerParameter(name: "layers.\(index).weight", values: layer.weight.elements),
                LayerParameter(name: "layers.\(index).bias", values: layer.bias),
            ]
        }
    }

    mutating func setParameters(_ values: [[Double]]) {
        precondition(values.count == 2 * layers.count)
        for index in layers.indices {
            let weight = values[2 * index], bias = values[2 * index + 1]
            precondition(weight.count == layers[index].weight.elements.count)
            precondition(bias.count == layers[index].bias.count)
            layers[index].weight.elements = weight
            layers[index].bias = bias
        }
    }
}
