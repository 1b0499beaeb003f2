import LinearAlgebra
import Statistics

/// A flow of invertible convolutions as it is served, of whole images or of missing pixels given the known ones.
public final class ConvolutionalFlow: FlowModel {
    package let model: ConvolutionalModel
    public let trainingMean: [Float]?
    public let trainingFactor: [Float]?

    /// - Throws: `CheckpointError` where the tensors are not those of such a model, a number among them is not finite,
    ///   the model makes such a number of an ordinary image, or the system has no memory for it.
    public init(_ checkpoint: Checkpoint) throws(CheckpointError) {
        model = try ConvolutionalModel(checkpoint)
        // Weights do not say how large the images are: a small file could ask for any amount of memory.
        let numbers = model.architecture.workspaceNumbers
        guard numbers <= Self.mostNumbers else {
            throw CheckpointError(
                file: checkpoint.file.path,
                reason:
                    "is a model of images of \(model.architecture.rows) × \(model.architecture.columns) pixels, whose "
                    + "evaluation keeps \(numbers) numbers; at most \(Self.mostNumbers) are served")
        }
        let dimension = model.architecture.dimension
        trainingMean = try checkpoint.trainingMean(dimension: dimension)
        trainingFactor = try checkpoint.trainingFactor(dimension: dimension)
        do {
            try probe()
        } catch let error as NonFiniteValue {
            throw CheckpointError(
                file: checkpoint.file.path, reason: "for an ordinary image or draw, \(error)")
        } catch {
            throw CheckpointError(file: checkpoint.file.path, reason: "\(error)")
        }
    }

    /// Numbers of a workspace, a GiB.
    private static let mostNumbers = 1 << 28

    public var architecture: ConvolutionalArchitecture { model.architecture }
    public var flowArchitecture: FlowArchitecture { .convolutional(model.architecture) }
    public var precision: Precision { .float32 }
    public var memoryBytes: Int {
        ConvolutionalArchitecture.Layout(architecture).span * MemoryLayout<Float>.stride
    }
    public var isShareable: Bool { false }
    public var evaluationSteps: Int { 1 }
    public var evaluationsAMillisecond: Int { 1 }

    public func makeWorkspace() throws(OutOfMemory) -> ConvolutionalWorkspace {
        try ConvolutionalWorkspace(of: self)
    }

    /// Numbers index·D … index·D + D − 1 of the standard normal distribution.
    public func drawLatent(_ index: UInt64, using randomness: Philox) -> [Double] {
        NormalDistribution.standard.draws(dimension, from: randomness, at: index * UInt64(dimension))
    }

    /// Takes the mean image, a white one and two draws through the model, there and back: what a model of too large
    /// weights fails at. All pixels of a conditional one are missing.
    private func probe() throws {
        let workspace = try makeWorkspace()
        let missing = isConditional ? [Bool](repeating: true, count: dimension) : nil
        let ordinary = trainingMean ?? Array(repeating: 0.25, count: dimension)
        for image in [ordinary, Array(repeating: 1, count: dimension)] {
            workspace.differentiate(image, missing: missing)
            _ = try workspace.finiteGradient()
        }
        guard !isConditional else { return }
        for index: UInt64 in 0..<2 { _ = try sample(index, temperature: 1, in: workspace, using: Philox(seed: 0)) }
    }
}

extension ConvolutionalArchitecture {
    /// About how many numbers the evaluation of an image and its gradient keeps.
    fileprivate var workspaceNumbers: Int {
        let aStep = 5 * depth + 2 * hidden, atOnce = 9 * kept + 18 * moved + 4 * depth + 2 * hidden
        let conditions = conditioner.map { ($0.blocks + 1) * 4 * $0.features + 18 * depth + 9 * $0.features } ?? 0
        return positions * (steps * aStep + 2 * atOnce + conditions)
    }
}
