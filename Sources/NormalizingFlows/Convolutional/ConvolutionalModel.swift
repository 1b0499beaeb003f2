import LinearAlgebra

/// A flow of invertible convolutions in memory: its architecture and its parameters, in single precision.
public final class ConvolutionalModel: Sendable {
    public let architecture: ConvolutionalArchitecture
    private let storage: Storage
    /// Nobody writes to them.
    package let parameters: ConvolutionalParameters

    /// - Throws: `CheckpointError` where the file's tensors are not those of such a model, a number among them is not
    ///   finite, or the system has no memory for it.
    public convenience init(_ checkpoint: Checkpoint) throws(CheckpointError) {
        let architecture = try ConvolutionalArchitecture(of: checkpoint)
        let layout = ConvolutionalArchitecture.Layout(architecture)
        for tensor in layout.tensors {
            guard let found = checkpoint[tensor.name],
                let place = found.floats().firstIndex(where: { !$0.isFinite })
            else { continue }
            throw CheckpointError(
                file: checkpoint.file.path, place: "tensor \(quoted(tensor.name))",
                reason: "number \(place) is not finite")
        }
        do throws(OutOfMemory) {
            try self.init(architecture) { checkpoint[$0.name]?.floats() ?? [] }
        } catch {
            throw CheckpointError(file: checkpoint.file.path, reason: error.description)
        }
    }

    /// - Parameter numbers: a tensor's, row-major as in a file; none: all 0.
    package init(
        _ architecture: ConvolutionalArchitecture, _ numbers: (ParameterTensor) -> [Float]
    ) throws(OutOfMemory) {
        self.architecture = architecture
        let layout = ConvolutionalArchitecture.Layout(architecture), storage = Storage(chunk: 1 << 22)
        let values = try storage.make(Float.self, count: layout.span)
        for tensor in layout.tensors {
            let found = numbers(tensor)
            if !found.isEmpty { tensor.load(found, into: values) }
        }
        self.storage = storage
        // Ascents follow the gradient of one image; a conditional model is asked for draws.
        parameters = try ConvolutionalParameters(
            architecture, values, keepsTransposes: architecture.conditioner == nil)
    }
}
