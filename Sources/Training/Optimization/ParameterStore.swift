import LinearAlgebra
import NormalizingFlows

/// A model's parameters while they are trained, their moments and their average: four arrays in the layout
/// of the flow's tensors.
///
/// `@unchecked Sendable`: it only owns the memory; whoever writes to it answers for its use.
public final class ParameterStore: @unchecked Sendable {
    public let tensors: [ParameterTensor]
    public let span: Int
    public let weights, first, second: UnsafeMutablePointer<Float>
    /// nil where nothing is averaged.
    public let average: UnsafeMutablePointer<Float>?
    private let storage = Storage(chunk: 1 << 24)

    public init(of flow: any TrainableFlow, averages: Bool) throws(OutOfMemory) {
        tensors = flow.tensors
        span = flow.parameterSpan
        weights = try storage.make(Float.self, count: span)
        first = try storage.make(Float.self, count: span)
        second = try storage.make(Float.self, count: span)
        average = averages ? try storage.make(Float.self, count: span) : nil
    }

    /// What is evaluated and written: the average where there is one.
    public var best: UnsafeMutablePointer<Float> { average ?? weights }

    /// Starts the average at the weights.
    func startAverage() { average?.update(from: weights, count: span) }
}
