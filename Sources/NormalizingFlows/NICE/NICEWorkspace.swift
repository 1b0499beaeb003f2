import LinearAlgebra

/// The memory that the evaluation of one image needs. It is reused from one evaluation to the next, and
/// only its owner may use it, except while the model evaluates it.
public final class NICEWorkspace {
    private let storage = Storage()
    let activations: NICEActivations

    /// log p(x) in nats, its two parts, of the last evaluation.
    public var logProbability: Double { logPrior + logAbsDetJacobian }
    public var logPrior: Double { activations.prior.logProbability.pointee }
    public let logAbsDetJacobian: Double
    /// ∂ log p / ∂x in pixel order, of the last `differentiate`. Length: the dimension.
    public var gradient: [Float] {
        let even = activations.slope(.even), odd = activations.slope(.odd)
        return Array(unsafeUninitializedCapacity: dimension) { gradient, count in
            for j in 0..<dimension / 2 {
                gradient[2 * j] = even[j]
                gradient[2 * j + 1] = odd[j]
            }
            count = dimension
        }
    }
    /// z in pixel order, of the last evaluation. Length: the dimension.
    public var latent: [Float] {
        Array(UnsafeBufferPointer(start: activations.prior.latent, count: dimension))
    }

    /// The model whose units' bounds the activations keep.
    let model: NICE
    private var dimension: Int { model.dimension }

    init(of model: NICE) throws(OutOfMemory) {
        self.model = model
        logAbsDetJacobian = model.logAbsDetJacobian
        activations = try NICEActivations(of: model, in: storage)
    }

    /// The image to evaluate next. `x` has as many pixels as the model.
    public func load(_ x: [Float]) {
        precondition(x.count == dimension)
        activations.load(x)
    }
}
