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
        guard let prior = ConvolutionalPatchPrior(try ConvolutionalModel(checkpoint)) else {
            throw CheckpointError(
                file: checkpoint.file.path,
                reason:
                    "is no model of patches: such a one has a single block of as many rows as columns, grey or in colours"
            )
        }
        self.prior = prior
        options = PatchAscentOptions(checkpoint.metadata, side: prior.side)
    }
}

extension PatchAscentOptions {
    /// - Parameters:
    ///   - metadata: a file's; `ascent_iterations`, `ascent_stride` and `ascent_rate` count where they can be used.
    ///   - side: of a patch.
    init(_ metadata: [String: String], side: Int) {
        self.init(seed: 0)
        stride = min(stride, side)
        if let given = metadata["ascent_iterations"].flatMap(Int.init), 1...10_000 ~= given { iterations = given }
        if let given = metadata["ascent_stride"].flatMap(Int.init), 1...side ~= given { stride = given }
        if let given = metadata["ascent_rate"].flatMap(Float.init), given > 0, given <= 1 { rate = given }
    }
}
