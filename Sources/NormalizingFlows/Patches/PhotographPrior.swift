/// A prior of patches out of its file, with the ascent that suits it.
public struct PhotographPrior: Sendable {
    public let prior: ConvolutionalPatchPrior
    /// What the file records, as far as it does; the seed is open.
    public let options: PatchAscentOptions

    /// - Throws: `CheckpointError` where the file holds no such model.
    public init(contentsOf path: String) throws(CheckpointError) {
        try self.init(try Checkpoint(contentsOf: path))
    }

    /// - Throws: `CheckpointError` where the file holds no such model.
    public init(_ checkpoint: Checkpoint) throws(CheckpointError) {
        guard let prior = PhotographPrior(try ConvolutionalModel(checkpoint), checkpoint.metadata) else {
            throw CheckpointError(
                file: checkpoint.file.path,
                reason: "is no model of patches: riviera train --patches makes one")
        }
        self = prior
    }

    /// nil where the model is none of patches.
    ///
    /// - Parameter metadata: of its file.
    package init?(_ model: ConvolutionalModel, _ metadata: [String: String]) {
        guard let prior = ConvolutionalPatchPrior(model) else { return nil }
        self.prior = prior
        options = PatchAscentOptions(metadata, side: prior.side, levels: prior.noise)
    }
}

extension PatchAscentOptions {
    /// - Parameters:
    ///   - metadata: a file's; `ascent_iterations`, `ascent_stride`, `ascent_noise_first` and `ascent_noise_last` count where
    ///     they can be used.
    ///   - levels: those that the prior knows, which σ keeps to.
    init(_ metadata: [String: String], side: Int, levels: NoiseLevels) {
        self.init(seed: 0)
        func number(_ key: String) -> Double? { metadata[key].flatMap(Double.init).flatMap { $0 > 0 ? $0 : nil } }
        func known(_ level: Double) -> Double { min(max(level, levels.minimum), levels.maximum) }
        stride = min(stride, side)
        if let given = metadata["ascent_iterations"].flatMap(Int.init), 1...10_000 ~= given { iterations = given }
        if let given = metadata["ascent_stride"].flatMap(Int.init), 1...side ~= given { stride = given }
        noise = (
            known(number("ascent_noise_first") ?? noise.first), known(number("ascent_noise_last") ?? noise.last)
        )
    }
}
