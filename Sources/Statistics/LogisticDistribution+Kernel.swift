import CKernels

extension LogisticDistribution {
    /// Draws by inversion: `location` + `scale`·log(u/(1−u)).
    public func fill(_ draws: UnsafeMutableBufferPointer<Double>, from philox: Philox, at first: UInt64) {
        ck_logistic(ck_selected(), philox.seed, philox.stream, first, draws.count, draws.baseAddress)
        guard self != .standard else { return }
        for i in draws.indices { draws[i] = location + scale * draws[i] }
    }
}
