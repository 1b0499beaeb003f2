import LinearAlgebra

/// A flow of invertible convolutions of images that are patches: one position, which holds all of a patch.
public struct ConvolutionalPatchPrior: PatchPrior {
    public let model: ConvolutionalModel
    public let noise: NoiseLevels
    public var side: Int { model.architecture.rows }

    /// nil where the model is none of patches.
    public init?(_ model: ConvolutionalModel) {
        guard model.architecture.isOfPatches, let noise = model.architecture.noise else { return nil }
        self.model = model
        self.noise = noise
    }

    public func makeEvaluator(capacity: Int) throws(OutOfMemory) -> any PatchEvaluator {
        ConvolutionalPatchEvaluator(
            model, try ConvolutionalPass(model.architecture, capacity: capacity, differentiates: true))
    }
}

private final class ConvolutionalPatchEvaluator: PatchEvaluator {
    private let model: ConvolutionalModel
    private let pass: ConvolutionalPass
    /// That the pass has been told.
    private var noise = 0.0

    init(_ model: ConvolutionalModel, _ pass: ConvolutionalPass) {
        self.model = model
        self.pass = pass
    }

    func evaluate(
        _ patches: UnsafePointer<Float>, count: Int, noise: Double, logDensities: UnsafeMutablePointer<Double>,
        gradients: UnsafeMutablePointer<Float>?
    ) {
        if noise != self.noise {
            pass.set(noise: noise, parameters: model.parameters)
            self.noise = noise
        }
        pass.evaluate(patches, missing: nil, count: count, parameters: model.parameters, into: logDensities)
        guard let gradients else { return }
        pass.backPropagate(
            count: count, weight: 1, parameters: model.parameters, gradient: nil, inputSlopes: gradients)
    }
}
