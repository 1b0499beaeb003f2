/// What projected gradient ascent came to.
public struct MaximizationReport: Hashable, Sendable {
    public enum Stopped: String, Hashable, Sendable, CaseIterable {
        case tolerance, iterations
        /// f exceeds every double at a point of the set that a step led to.
        case unbounded
        /// No step that a double can express raises f further.
        case precision
    }

    /// A point of the ascent. Rejected trials are counted as iterations but are not points.
    public struct Point: Hashable, Sendable {
        public let iteration: Int
        public let x: [Double]
        public let value: Double
        public let projectedGradientNorm: Double
    }

    /// The start, the end, and the points between them: each one, or every second, fourth, … where
    /// they are so many that `MaximizationRun.mostTraceNumbers` would be exceeded.
    public let trace: [Point]
    /// Gradient evaluations after the start's, rejected trials included.
    public let iterations: Int
    public let stopped: Stopped

    public var maximizer: [Double] { trace.last!.x }
    public var value: Double { trace.last!.value }
    public var projectedGradientNorm: Double { trace.last!.projectedGradientNorm }
}
