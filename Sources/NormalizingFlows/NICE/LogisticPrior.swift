import LinearAlgebra
import Statistics

/// The standard logistic density, a factor a latent: log p(z) = −softplus(z) − softplus(−z)
/// = −|z| − 2 log(1 + e^{−|z|}), which does not overflow however far out z is.
enum LogisticPrior {
    /// z and what its density is made of, for one image.
    struct Terms: BitwiseCopyable {
        let dimension: Int
        /// z in pixel order.
        let latent: UnsafeMutablePointer<Float>
        /// log p(z) in nats.
        let logProbability: UnsafeMutablePointer<Double>
        private let magnitude, decay, logOnePlusDecay: UnsafeMutablePointer<Double>

        init(dimension: Int, in storage: Storage) throws(OutOfMemory) {
            self.dimension = dimension
            latent = try storage.make(Float.self, count: dimension)
            logProbability = try storage.make(Double.self, count: 1)
            magnitude = try storage.make(Double.self, count: dimension)
            decay = try storage.make(Double.self, count: dimension)
            logOnePlusDecay = try storage.make(Double.self, count: dimension)
        }

        /// The terms of log p(z) for some places.
        func evaluate(_ places: Range<Int>) {
            for k in places {
                magnitude[k] = Double(latent[k].magnitude)
                decay[k] = -magnitude[k]
            }
            let decays = UnsafeMutableBufferPointer(
                start: decay + places.lowerBound, count: places.count)
            ElementaryFunction.exp.apply(to: UnsafeBufferPointer(decays), into: decays)
            ElementaryFunction.log1p.apply(
                to: UnsafeBufferPointer(decays),
                into: UnsafeMutableBufferPointer(
                    start: logOnePlusDecay + places.lowerBound, count: places.count))
        }

        /// log p(z) ← the terms' sum, in order of k in double precision.
        func sum() {
            var sum = 0.0
            for k in 0..<dimension { sum -= magnitude[k] + 2 * logOnePlusDecay[k] }
            logProbability.pointee = sum
        }

        /// d log p(z_k) / dz_k = −tanh(z_k / 2), after `evaluate`.
        @inline(__always)
        func slope(at k: Int) -> Float {
            let slope = Float((1 - decay[k]) / (1 + decay[k]))
            return latent[k] < 0 ? slope : -slope
        }
    }
}
