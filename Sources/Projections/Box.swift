/// The box { x : lower ≤ x ≤ upper }, a pair of bounds for each coordinate: either end may be infinite,
/// and a coordinate whose ends meet is fixed.
///
/// Both kinds of inpainting constraint, known pixels and missing pixels in 0…1, are boxes.
public struct Box<Scalar: BinaryFloatingPoint & Sendable>: ConvexSet, Hashable {
    /// The bounds, (d) each.
    public let lower, upper: [Scalar]

    /// - Throws: `ConstraintError` where an interval is empty or an end is not a number.
    public init(lower: [Scalar], upper: [Scalar]) throws(ConstraintError) {
        precondition(lower.count == upper.count, "a box has as many lower as upper bounds")
        for i in lower.indices {
            if lower[i].isNaN || lower[i] == .infinity {
                throw ConstraintError(.min, coordinate: i, "must be a number")
            }
            if upper[i].isNaN || upper[i] == -.infinity {
                throw ConstraintError(.max, coordinate: i, "must be a number")
            }
            if lower[i] > upper[i] {
                throw ConstraintError(.min, coordinate: i, "must not exceed max")
            }
        }
        self.lower = lower
        self.upper = upper
    }

    /// A box from one interval for each coordinate.
    public init(_ intervals: [Interval<Scalar>]) throws(ConstraintError) {
        for (i, interval) in intervals.enumerated() where interval.isFixed {
            guard interval.lower.isFinite else {
                throw ConstraintError(.fixed, coordinate: i, "must be a number")
            }
        }
        try self.init(lower: intervals.map(\.lower), upper: intervals.map(\.upper))
    }

    public var dimension: Int? { lower.count }

    @inlinable
    public func project(_ point: inout MutableSpan<Scalar>) {
        precondition(point.count == lower.count, "the point has the box's dimension")
        let lower = lower.span
        let upper = upper.span
        for i in 0..<point.count {
            // Safe: one check above covers the three spans, and leaves a loop that vectorizes.
            point[unchecked: i] = clamp(point[unchecked: i], lower[unchecked: i], upper[unchecked: i])
        }
    }

    /// Separable, so without the scratch array.
    @inlinable
    public func projectedGradientNorm(at point: Span<Scalar>, gradient: Span<Scalar>) -> Double {
        precondition(
            point.count == lower.count && gradient.count == lower.count,
            "the point and its gradient have the box's dimension")
        return euclideanNorm(count: point.count) { i in
            Double(clamp(point[i] + gradient[i], lower[i], upper[i])) - Double(point[i])
        }
    }
}

/// The bounds of a box on one coordinate.
public struct Interval<Scalar: BinaryFloatingPoint & Sendable>: Hashable, Sendable {
    public let lower, upper: Scalar
    let isFixed: Bool

    /// lower ≤ x ≤ upper; a missing end is infinite.
    public init(min lower: Scalar? = nil, max upper: Scalar? = nil) {
        self.lower = lower ?? -.infinity
        self.upper = upper ?? .infinity
        isFixed = false
    }

    /// x = value.
    public init(fixed value: Scalar) {
        lower = value
        upper = value
        isFixed = true
    }

    /// Any x.
    public static var free: Interval { Interval() }
}

/// y moved into [lower, upper]. The comparisons admit equality so that −0 becomes the bound 0 and
/// a fixed coordinate exactly the value it is fixed to; NaN passes through where it is free.
@inlinable
func clamp<Scalar: BinaryFloatingPoint>(_ y: Scalar, _ lower: Scalar, _ upper: Scalar) -> Scalar {
    if lower == upper { return lower }
    return y <= lower ? lower : (y >= upper ? upper : y)
}
