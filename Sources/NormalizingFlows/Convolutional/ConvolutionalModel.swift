import LinearAlgebra

/// A flow of invertible convolutions in memory: its architecture and its parameters, in single precision.
public final class ConvolutionalModel: Sendable {
    public let architecture: ConvolutionalArchitecture
    private let storage = Storage(chunk: 1 << 22)
    private nonisolated(unsafe) let values: UnsafeMutablePointer<Float>

    /// Where the parameters lie, in `ConvolutionalArchitecture.Layout`; nobody writes to them.
    package var parameters: UnsafePointer<Float> { UnsafePointer(values) }

    /// - Throws: `CheckpointError` where the file's tensors are not those of such a model, a number among them is not
    ///   finite, or the system has no memory for it.
    public init(_ checkpoint: Checkpoint) throws(CheckpointError) {
        architecture = try ConvolutionalArchitecture(of: checkpoint)
        let layout = ConvolutionalArchitecture.Layout(architecture)
        do throws(OutOfMemory) {
            values = try storage.make(Float.self, count: layout.span)
        } catch {
            throw CheckpointError(file: checkpoint.file.path, reason: error.description)
        }
        for tensor in layout.tensors {
            guard let found = checkpoint[tensor.name] else { continue }
            let numbers = found.floats()
            guard let place = numbers.firstIndex(where: { !$0.isFinite }) else {
                tensor.load(numbers, into: values)
                continue
            }
            throw CheckpointError(
                file: checkpoint.file.path, place: "tensor \(quoted(tensor.name))",
                reason: "number \(place) is not finite")
        }
    }
}
