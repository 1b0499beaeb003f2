import LinearAlgebra
import Statistics

/// A normalizing flow of images as it is served, of whichever kind: log p, its gradient with respect to the pixels,
/// the way back from a latent.
///
/// A model is immutable. Every evaluation works in a workspace, which one thread at a time owns; what comes out for an
/// image depends on its own numbers and the weights alone.
public protocol FlowModel: AnyObject, Sendable {
    associatedtype Workspace: FlowWorkspace

    /// What kind of flow it is, and its sizes.
    var flowArchitecture: FlowArchitecture { get }
    /// How its matrices are stored in memory.
    var precision: Precision { get }
    /// Bytes of its weights in memory.
    var memoryBytes: Int { get }
    /// The mean image of the training data, where the weights file records it. D numbers.
    var trainingMean: [Float]? { get }
    /// The lower triangle, row by row, of the Cholesky factor of the training images' covariance, where the weights file
    /// records it and the images are not too large for its use.
    var trainingFactor: [Float]? { get }

    /// Whether threads can share an evaluation, and a workspace serves one image for long the better. Otherwise a thread
    /// evaluates alone, in a workspace of its own.
    var isShareable: Bool { get }
    /// How many steps an evaluation has that members of a team can do together.
    var evaluationSteps: Int { get }
    /// Evaluations that take about a millisecond, at least 1.
    var evaluationsAMillisecond: Int { get }

    func makeWorkspace() throws(OutOfMemory) -> Workspace

    /// A latent from its prior, before any temperature: D numbers, a pure function of (randomness, index).
    func drawLatent(_ index: UInt64, using randomness: Philox) -> [Double]
}

extension FlowModel {
    /// D: numbers an image, numbers a latent.
    public var dimension: Int { flowArchitecture.dimension }
    /// Whether it is a model of missing pixels given the known ones, rather than of whole images.
    public var isConditional: Bool { flowArchitecture.isConditional }

    /// log p of an image of D pixels, its parts and z, left in `workspace`, by one thread.
    ///
    /// - Parameter missing: true where a pixel is missing, of a conditional model; else nil.
    public func evaluate(_ x: [Float], missing: [Bool]? = nil, in workspace: any FlowWorkspace) {
        workspace.load(x, missing: missing)
        for step in 0..<evaluationSteps { workspace.evaluate(step: step, by: .alone) }
    }

    /// A draw of a model of whole images, clamped to 0…1. D pixels.
    ///
    /// - Parameter temperature: what the latent is multiplied by.
    /// - Throws: `NonFiniteValue` where a number on the way is not finite.
    public func sample(
        _ index: UInt64, temperature: Double, in workspace: any FlowWorkspace, using randomness: Philox
    ) throws(NonFiniteValue) -> [Float] {
        let latent = drawLatent(index, using: randomness)
        let image = try workspace.decode(latent.map { Float(temperature * $0) })
        return image.map { min(max($0, 0), 1) }
    }
}
