import NormalizingFlows

extension SmallModel {
    /// The same model, changed so that it loads in single precision and overflows for an image whose
    /// pixel 1 exceeds its pixel 3 by more than 0.99: one unit of the first hidden layer is active then,
    /// with 10¹⁶, and its successors multiply that by 10¹⁸. All probes of loading leave it inactive.
    ///
    /// It has at least 4 pixels and two hidden layers.
    public func overflowing() -> SmallModel {
        let half = dimension / 2, first = "coupling.0.in_block.0", second = "coupling.0.mid_block.0.0"
        var model = replacing("\(first).weight", at: 0, with: 1e18)
            .replacing("\(first).weight", at: 1, with: -1e18)
            .replacing("\(first).bias", at: 0, with: -0.99e18)
        for input in 2..<max(half, 2) { model = model.replacing("\(first).weight", at: input, with: 0) }
        for unit in 0..<width {
            model = model.replacing("\(second).weight", at: unit * width, with: 1e18)
        }
        return model
    }

    /// An image that an `overflowing` model overflows for.
    public var overflowingImage: [Float] {
        (0..<dimension).map { $0 == 1 ? 1 : 0 }
    }
}

extension SmallModel: CustomStringConvertible {
    public var description: String {
        "NICE of \(dimension) pixels, \(couplings) couplings of \(hiddenLayers) × \(width)"
    }
}
