public import NormalizingFlows

extension LoadedModel {
    /// What it fills photographs with; nil where it is no model of patches.
    public var photographPrior: PhotographPrior? {
        (flow as? ConvolutionalFlow).flatMap { PhotographPrior($0.model, metadata) }
    }

    public var isOfPatches: Bool { flow.flowArchitecture.kind == .patches }
}
