/// The distributions that a request may name, with their parameters.
public enum DistributionFamily: String, Sendable, Hashable, CaseIterable {
    case normal, lognormal, uniform, exponential
    /// Of maxima.
    case gumbel
    case weibull, gamma, beta
    case studentT = "student_t"
    case triangular

    public struct Parameter: Sendable, Hashable {
        public let name: String
        /// Nil where it must be given.
        public let defaultValue: Double?
        /// What it must be besides finite, where that can be said of it alone.
        public let isPositive: Bool
    }

    /// In positional order; those with a default come last.
    public var parameters: [Parameter] {
        switch self {
        case .normal, .gumbel: [Self.any("mean"), Self.positive("std")]
        case .lognormal: [Self.positive("mean"), Self.positive("std")]
        case .uniform: [Self.any("min"), Self.any("max")]
        case .exponential: [Self.positive("rate")]
        case .weibull: [Self.positive("scale"), Self.positive("shape")]
        case .gamma: [Self.positive("shape"), Self.positive("scale")]
        case .beta: [Self.positive("alpha"), Self.positive("beta"), Self.any("min", 0), Self.any("max", 1)]
        case .studentT: [Self.positive("degrees_of_freedom"), Self.any("location", 0), Self.positive("scale", 1)]
        case .triangular: [Self.any("min"), Self.any("mode"), Self.any("max")]
        }
    }

    private static func any(_ name: String, _ value: Double? = nil) -> Parameter {
        Parameter(name: name, defaultValue: value, isPositive: false)
    }

    private static func positive(_ name: String, _ value: Double? = nil) -> Parameter {
        Parameter(name: name, defaultValue: value, isPositive: true)
    }

    /// The shapes of gamma and beta: beyond, an incomplete function takes thousands of terms.
    private static let shapes = 1e-3...1e6

    /// - Parameter values: of the parameters in positional order; defaults may be left out.
    /// - Throws: `InvalidParameter` naming the parameter of the distribution that is missing, out of range, or does not go with
    ///   another.
    public func distribution(_ values: [Double]) throws(InvalidParameter) -> any ContinuousDistribution {
        let parameters = parameters
        guard values.count <= parameters.count else {
            throw InvalidParameter(
                rawValue, "takes \(parameters.map(\.name).joined(separator: ", ")), not \(values.count) numbers")
        }
        var v: [Double] = []
        for (i, parameter) in parameters.enumerated() {
            guard let value = i < values.count ? values[i] : parameter.defaultValue else {
                throw InvalidParameter(parameter.name, "is missing: \(rawValue) needs it")
            }
            guard value.isFinite else { throw InvalidParameter(parameter.name, "must be finite") }
            guard !parameter.isPositive || value > 0 else { throw InvalidParameter(parameter.name, "must be above 0") }
            v.append(value)
        }
        switch self {
        case .normal: return NormalDistribution(mean: v[0], standardDeviation: v[1])
        case .gumbel: return GumbelDistribution(mean: v[0], standardDeviation: v[1])
        case .lognormal:
            let ratio = v[1] / v[0]
            guard ratio > 1e-12, ratio < 1e12 else {
                throw InvalidParameter("std", "must lie between 1e-12 and 1e12 times the mean")
            }
            return LognormalDistribution(mean: v[0], standardDeviation: v[1])
        case .uniform:
            try Self.requireInterval(v[0], v[1])
            return UniformDistribution(lower: v[0], upper: v[1])
        case .exponential:
            guard (1 / v[0]).isFinite else {
                throw InvalidParameter("rate", "must not be so small that 1/rate is infinite")
            }
            return ExponentialDistribution(rate: v[0])
        case .weibull:
            try Self.requireShape("shape", v[1], in: 0.05...1e6)
            return WeibullDistribution(scale: v[0], shape: v[1])
        case .gamma:
            try Self.requireShape("shape", v[0])
            return ScaledGammaDistribution(shape: v[0], scale: v[1])
        case .beta:
            try Self.requireShape("alpha", v[0])
            try Self.requireShape("beta", v[1])
            try Self.requireInterval(v[2], v[3])
            return BetaDistribution(alpha: v[0], beta: v[1], lower: v[2], upper: v[3])
        case .studentT:
            try Self.requireShape("degrees_of_freedom", v[0], in: 0.1...1e6)
            return StudentTDistribution(degreesOfFreedom: v[0], location: v[1], scale: v[2])
        case .triangular:
            try Self.requireInterval(v[0], v[2])
            guard v[0] <= v[1], v[1] <= v[2] else { throw InvalidParameter("mode", "must lie between min and max") }
            return TriangularDistribution(lower: v[0], mode: v[1], upper: v[2])
        }
    }

    private static func requireInterval(_ lower: Double, _ upper: Double) throws(InvalidParameter) {
        guard lower < upper else { throw InvalidParameter("max", "must be above min") }
        guard (upper - lower).isFinite else { throw InvalidParameter("max", "must be a finite distance from min") }
    }

    private static func requireShape(
        _ name: String, _ value: Double, in range: ClosedRange<Double> = shapes
    ) throws(InvalidParameter) {
        guard range.contains(value) else {
            throw InvalidParameter(name, "must lie between \(range.lowerBound) and \(range.upperBound)")
        }
    }
}
