/// A model that requests may ask for by its name, and what goes with it.
public struct ServedModel: Sendable {
    /// What requests call it; no other model that is served has the name.
    public let name: String
    /// What it is for, in a sentence.
    public let purpose: String
    public let model: LoadedModel
    /// The model that its draws of missing pixels are made from; nil where that is `model`.
    public let smooth: LoadedModel?

    /// - Parameter smooth: of images of the same size.
    public init(_ name: String, _ model: LoadedModel, purpose: String = "", smooth: LoadedModel? = nil) {
        precondition(smooth.map { $0.flow.dimension == model.flow.dimension } ?? true)
        self.name = name
        self.purpose = purpose
        self.model = model
        self.smooth = smooth
    }

    /// The model that draws of missing pixels are made from.
    public var posteriorModel: LoadedModel { smooth ?? model }

    /// All that is in memory for it.
    public var loaded: [LoadedModel] { [model] + (smooth.map { [$0] } ?? []) }

    /// Bytes of weights in memory.
    public var memoryBytes: Int { loaded.reduce(0) { $0 + $1.flow.memoryBytes } }
}
