import NormalizingFlows

extension Compute {
    /// Takes one image through an invertible 1×1 convolution, on one thread, in slices of about a
    /// million multiply-adds.
    ///
    /// - Parameter layer: makes the layer, on a compute thread, as A costs O(c³).
    /// - Throws: `LayerError` as `ConvolutionRun` does, and what `layer` throws.
    ///   `ComputeError.interrupted` holds the `ConvolutionRun` so far.
    public func convolve(
        _ input: Tensor, inverse: Bool, in context: WorkContext = .unlimited,
        through layer: @escaping @Sendable () throws -> ConvolutionRun.Layer
    ) async throws -> Timed<ConvolutionRun> {
        try await perform(from: nil as ConvolutionRun?, in: context) { run, _ in
            if run == nil {
                run = try ConvolutionRun(of: input, through: layer(), inverse: inverse)
                return nil
            }
            try run?.advance()
            return run?.isDone == true ? run : nil
        }
    }
}
