import Statistics

extension NICE {
    /// The diagonal scaling as `NICE` serves it, in single precision: z_k = x_k · e^{s_k},
    /// log|det| = Σ s. `NormalizingFlows.DiagonalScaling` is the trainable one.
    struct DiagonalScaling: Sendable {
        /// e^s and e^{−s} in pixel order.
        let factors: [Float]
        let inverseFactors: [Float]
        let logAbsDetJacobian: Double

        /// - Parameter logFactors: s in pixel order.
        init(logFactors: [Float]) {
            let s = logFactors.map(Double.init)
            factors = ElementaryFunction.exp(s).map { Float($0) }
            inverseFactors = ElementaryFunction.exp(s.map { -$0 }).map { Float($0) }
            logAbsDetJacobian = s.reduce(0, +)
        }
    }
}
