import CKernels

extension NormalDistribution {
    /// Draws by Box and Muller's transform: `mean` + `standardDeviation`·z.
    public func fill(_ draws: UnsafeMutableBufferPointer<Double>, from philox: Philox, at first: UInt64) {
        ck_normal(ck_selected(), philox.seed, philox.stream, first, draws.count, draws.baseAddress)
        guard self != .standard else { return }
        for i in draws.indices { draws[i] = mean + standardDeviation * draws[i] }
    }
}
