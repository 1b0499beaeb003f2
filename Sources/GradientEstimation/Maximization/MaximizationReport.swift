/// What projected gradient ascent came to.
public struct MaximizationReport: Hashable, Sendable {
    public enum Stopped: String, Hashable, Sendable, CaseIterable {
        case tolerance, iterations
        /// f exceeds every double at a point of the set that a step led to, or goes on rising where a coordinate has reached 10³⁰⁰.
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
    /// Why the end may be no maximizer although the ascent came to rest there.
    public let doubt: Doubt?

    public enum Doubt: Hashable, Sendable {
        /// f has a kink, and the gradients around it do not rule out that it rises.
        case kink
        /// A point beside it is higher.
        case higherNearby
    }

    /// What the figures do not say.
    public var warning: String? {
        switch doubt {
        case .kink:
            "f has a kink here, where its gradient does not tell whether it rises: the point may be no maximizer. Compare other "
                + "starts and more iterations."
        case .higherNearby:
            "f is higher beside this point, where its gradient leads nowhere: it is no maximizer. Take another start."
        case nil: nil
        }
    }

    public var maximizer: [Double] { trace.last!.x }
    public var value: Double { trace.last!.value }
    public var projectedGradientNorm: Double { trace.last!.projectedGradientNorm }
}
