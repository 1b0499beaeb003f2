import NormalizingFlows

extension SmallModel {
    /// The same model, changed so that it loads in single precision and overflows for an image whose
    /// pixel 1 exceeds its pixel 3 by more than 0.99: one unit of the first hidden layer is active then,
    /// with 10¹⁶, and its successors multiply that by 10¹⁸.
    ///
    /// The images and draws that loading tries leave it inactive: no coupling moves the two pixels, and
    /// their scale makes them small in draws. The model has at least 4 pixels and two hidden layers.
    public func overflowing() -> SmallModel {
        let half = dimension / 2, first = "coupling.0.in_block.0", second = "coupling.0.mid_block.0.0"
        var model = replacing("\(first).weight", at: 0, with: 1e18)
            .replacing("\(first).weight", at: 1, with: -1e18)
            .replacing("\(first).bias", at: 0, with: -0.99e18)
        for input in 2..<max(half, 2) { model = model.replacing("\(first).weight", at: input, with: 0) }
        for unit in 0..<width {
            model = model.replacing("\(second).weight", at: unit * width, with: 1e18)
        }
        for coupling in stride(from: 1, to: couplings, by: 2) {
            let last = "coupling.\(coupling).out_block"
            for pixel in 0..<2 {
                model = model.replacing("\(last).bias", at: pixel, with: 0)
                for unit in 0..<width {
                    model = model.replacing("\(last).weight", at: pixel * width + unit, with: 0)
                }
            }
        }
        return model.replacing("scaling.scale", at: 1, with: 5).replacing("scaling.scale", at: 3, with: 5)
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
