import CKernels

extension ExponentialDistribution {
    /// Draws by inversion: −log u / `rate`.
    public func fill(_ draws: UnsafeMutableBufferPointer<Double>, from philox: Philox, at first: UInt64) {
        ck_exponential(ck_selected(), philox.seed, philox.stream, first, draws.count, draws.baseAddress)
        guard self != .standard else { return }
        for i in draws.indices { draws[i] /= rate }
    }
}
