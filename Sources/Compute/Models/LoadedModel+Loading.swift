import LinearAlgebra
import NormalizingFlows

/// Bytes of a model's name, which is part of many replies.
private let longestName = 1024

extension LoadedModel {
    /// Reads a weights file, PyTorch's or safetensors. Its checksums are left to `verify`.
    ///
    /// - Parameters:
    ///   - given: what replies call the model; nil for the name that the file records, else the file's.
    ///   - precision: how NICE's matrices are stored in memory.
    ///   - firstTransformed: which half of the pixels NICE's first coupling moves; what the file
    ///     records, else the even-indexed one, where it is nil.
    /// - Throws: `CheckpointError`, one line that names the file, the place and what was expected.
    public convenience init(
        contentsOf path: String, named given: String? = nil, precision: Precision, firstTransformed: PixelParity? = nil
    ) throws(CheckpointError) {
        let checkpoint = try Checkpoint(contentsOf: path)
        let flow = try checkpoint.flowModel(precision: precision, firstTransformed: firstTransformed)
        guard flow.flowArchitecture.channels == 1 || flow.flowArchitecture.kind == .patches else {
            throw CheckpointError(
                file: path,
                reason: "is a model of images with \(flow.flowArchitecture.channels) channels; grey ones are served")
        }
        let name = given ?? checkpoint.metadata["name"] ?? path.lastPathComponent
        guard name.utf8.count <= longestName else {
            throw CheckpointError(
                file: path, place: "metadata \"name\"",
                reason: "has \(name.utf8.count) bytes; a name has at most \(longestName)")
        }
        // The weights are packed elsewhere now; the file's pages need not stay in memory.
        checkpoint.file.releasePages()
        self.init(flow: flow, name: name, checkpoint: checkpoint)
    }
}
