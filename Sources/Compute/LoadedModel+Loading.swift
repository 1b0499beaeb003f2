import LinearAlgebra
import NormalizingFlows

extension LoadedModel {
    /// Reads a weights file, PyTorch's or safetensors.
    ///
    /// - Throws: `CheckpointError`, one line that names the file, the place and what was expected.
    public convenience init(
        contentsOf path: String, precision: Precision
    ) throws(CheckpointError) {
        let checkpoint = try Checkpoint(contentsOf: path)
        let nice = try NICE(checkpoint, precision: precision)
        // The weights stand packed in memory now; the file's pages need not.
        checkpoint.file.releasePages()
        self.init(
            nice: nice, name: checkpoint.metadata["name"] ?? path.lastPathComponent,
            file: checkpoint.file, metadata: checkpoint.metadata)
    }
}
