/// What each Philox stream of a run's seed is for.
enum RandomStream {
    /// ε of the descents: draw j of iteration i has index i · batch + j.
    static let descent: UInt64 = 0
    static let weibull: UInt64 = 1
    /// ε of the estimators' examination at the start and the optimum.
    static let diagnosis: UInt64 = 2
    static let diagnosisWeibull: UInt64 = 3
    /// ε of coordinate j of the evidence lower bound is stream 16 + j.
    static let evidence: UInt64 = 16
}
