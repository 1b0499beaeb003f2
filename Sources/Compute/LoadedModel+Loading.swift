import LinearAlgebra
import NormalizingFlows

/// Bytes of a model's name, which is part of many replies.
private let longestName = 1024

extension LoadedModel {
    /// Reads a weights file, PyTorch's or safetensors. Its checksums are left to `verify`.
    ///
    /// - Parameter firstTransformed: which half of the pixels the first coupling moves; what the file
    ///   records, else the even-indexed one, where it is nil.
    /// - Throws: `CheckpointError`, one line that names the file, the place and what was expected.
    public convenience init(
        contentsOf path: String, precision: Precision, firstTransformed: PixelParity? = nil
    ) throws(CheckpointError) {
        let checkpoint = try Checkpoint(contentsOf: path)
        let nice = try NICE(checkpoint, precision: precision, firstTransformed: firstTransformed)
        let name = checkpoint.metadata["name"] ?? path.lastPathComponent
        guard name.utf8.count <= longestName else {
            throw CheckpointError(
                file: path, place: "metadata \"name\"",
                reason: "has \(name.utf8.count) bytes; a name has at most \(longestName)")
        }
        // The weights are packed elsewhere now; the file's pages need not stay in memory.
        checkpoint.file.releasePages()
        self.init(
            nice: nice, name: name, checkpoint: checkpoint)
    }
}
