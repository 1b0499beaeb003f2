import CKernels

extension UniformDistribution {
    /// Draws `lower` + (`upper` − `lower`)·u with u = (j + ½)·2⁻⁵²; rounding may reach a
    /// bound where the interval is far from 0, never on the standard one.
    public func fill(_ draws: UnsafeMutableBufferPointer<Double>, from philox: Philox, at first: UInt64) {
        ck_uniform(ck_selected(), philox.seed, philox.stream, first, draws.count, draws.baseAddress)
        guard self != .standard else { return }
        for i in draws.indices { draws[i] = lower + (upper - lower) * draws[i] }
    }
}
