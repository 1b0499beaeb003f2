/// A point of the limit state that is nearest to the origin of standard normal space, at least nearby: the most likely
/// way to fail (Hasofer, Lind 1974; Der Kiureghian, "First- and second-order reliability methods", in: Engineering Design
/// Reliability Handbook, 2005).
public struct DesignPoint: Sendable, Hashable {
    /// In standard normal space.
    public let u: [Double]
    /// The variables there.
    public let x: [Double]
    /// β: ±|u|, below 0 where the origin belongs to the event.
    public let reliabilityIndex: Double
    /// α², α the unit normal of the limit state towards the event: each standard normal variable's share of the variance of the
    /// linearized g; they add up to 1. With independent inputs variable j has the share j.
    public let importanceFactors: [Double]

    public init(u: [Double], x: [Double], reliabilityIndex: Double, importanceFactors: [Double]) {
        self.u = u
        self.x = x
        self.reliabilityIndex = reliabilityIndex
        self.importanceFactors = importanceFactors
    }
}
