import LinearAlgebra

extension Checkpoint {
    /// The model that the file holds, of whichever kind.
    ///
    /// - Parameters:
    ///   - precision: how NICE's matrices are stored in memory.
    ///   - firstTransformed: which half of the pixels NICE's first coupling moves; what the file records, else the
    ///     even-indexed one, where it is nil.
    /// - Throws: `CheckpointError` where it holds none that can be served.
    public func flowModel(
        precision: Precision, firstTransformed: PixelParity? = nil
    ) throws(CheckpointError) -> any FlowModel {
        if ConvolutionalArchitecture.describes(self) { return try ConvolutionalFlow(self) }
        return try NICE(self, precision: precision, firstTransformed: firstTransformed)
    }
}
