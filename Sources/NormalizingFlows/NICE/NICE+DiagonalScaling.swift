import LinearAlgebra
import Statistics

extension NICE {
    /// The diagonal scaling as `NICE` serves it, in single precision: z_k = x_k · e^{s_k},
    /// log|det| = Σ s. `NormalizingFlows.DiagonalScaling` is the trainable one.
    struct DiagonalScaling: BitwiseCopyable {
        /// e^s and e^{−s} in pixel order.
        let factors, inverseFactors: UnsafePointer<Float>
        let logAbsDetJacobian: Double

        /// - Parameter logFactors: s in pixel order.
        init(logFactors: [Float], in storage: Storage) throws(OutOfMemory) {
            let s = logFactors.map(Double.init)
            func stored(_ values: [Double]) throws(OutOfMemory) -> UnsafePointer<Float> {
                let copy = try storage.make(Float.self, count: values.count)
                for (k, value) in values.enumerated() { copy[k] = Float(value) }
                return UnsafePointer(copy)
            }
            factors = try stored(ElementaryFunction.exp(s))
            inverseFactors = try stored(ElementaryFunction.exp(s.map { -$0 }))
            logAbsDetJacobian = s.reduce(0, +)
        }
    }
}
