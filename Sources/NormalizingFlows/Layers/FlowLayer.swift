/// A layer that a normalizing flow is built of: an invertible, differentiable map of each image
/// of a batch, with the logarithm of its Jacobian's determinant.
///
/// `encode` is x → z, `decode` z → x. Images of a batch do not see one another. A layer is a
/// value: it holds parameters and nothing of the images that went through it, so that any number
/// of threads may use it at once. What back-propagation needs goes along in a `LayerTrace`.
public protocol FlowLayer: Sendable {
    /// The shape of z for an x of shape `input`.
    ///
    /// - Throws: `LayerError` where the layer does not take that shape. The other methods take a
    ///   wrong shape for a programmer's mistake.
    func outputShape(for input: TensorShape) throws(LayerError) -> TensorShape

    /// z and log|det ∂z/∂x| of each image, and what `backPropagate` needs of this pass.
    func encode(_ x: Tensor) -> Encoding

    /// x = `encode`⁻¹(z) and log|det ∂x/∂z| of each image.
    func decode(_ z: Tensor) -> Decoding

    /// The gradient of L = ⟨gradient, z⟩ + Σ_n weights[n] · log|det ∂z_n/∂x_n| with respect to x
    /// and to the parameters.
    ///
    /// - Parameters:
    ///   - gradient: what follows the layer says of ∂L/∂z; z's shape.
    ///   - logAbsDetWeights: ∂L/∂(log|det|) of each image: 1 for a log-likelihood.
    ///   - trace: what `encode` left of the pass that is differentiated.
    func backPropagate(
        _ gradient: Tensor, logAbsDetWeights: [Double], through trace: LayerTrace
    ) -> LayerGradient

    /// The numbers that training changes, in blocks in a fixed order. Any finite numbers will do:
    /// no step can make the layer singular.
    var parameters: [LayerParameter] { get }

    /// Takes new numbers for all parameters, in the blocks of `parameters`.
    mutating func setParameters(_ values: [[Double]])
}

/// What a layer makes of a batch.
public struct Encoding: Sendable {
    public let output: Tensor
    /// log|det ∂z/∂x| in nats, one an image.
    public let logAbsDetJacobian: [Double]
    public let trace: LayerTrace
}

/// What a layer makes of a batch on the way back.
public struct Decoding: Sendable {
    public let output: Tensor
    /// log|det ∂x/∂z| in nats, one an image.
    public let logAbsDetJacobian: [Double]
}

/// What a pass leaves for its back-propagation: the layer's input, and what the layer would
/// rather keep than compute again. Tensors are shared, not copied.
public struct LayerTrace: Sendable {
    let input: Tensor
    var intermediates: [Tensor] = []
    /// The traces of the layers within, in the order of `encode`.
    var nested: [LayerTrace] = []
}

public struct LayerGradient: Sendable {
    /// ∂L/∂x, x's shape.
    public let input: Tensor
    /// ∂L/∂parameter, in the blocks of `parameters`.
    public let parameters: [[Double]]
}

/// A block of a layer's parameters.
public struct LayerParameter: Sendable, Hashable {
    public let name: String
    public let values: [Double]
}
