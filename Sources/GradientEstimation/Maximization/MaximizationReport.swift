/// What projected gradient ascent came to.
public struct MaximizationReport: Hashable, Sendable {
    public enum Stopped: String, Hashable, Sendable {
        case tolerance, iterations
        /// No step that a double can express raises f further.
        case precision
    }

    /// A point of the path. Rejected trials are counted as iterations but are not points.
    public struct Point: Hashable, Sendable {
        public let iteration: Int
        public let x: [Double]
        public let value: Double
        public let projectedGradientNorm: Double
    }

    public let trace: [Point]
    /// Gradient evaluations after the start's, rejected trials included.
    public let iterations: Int
    public let stopped: Stopped

    public var maximizer: [Double] { trace.last!.x }
    public var value: Double { trace.last!.value }
    public var projectedGradientNorm: Double { trace.last!.projectedGradientNorm }
}
