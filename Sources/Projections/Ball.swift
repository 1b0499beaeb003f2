/// The Euclidean ball { x : ‖x − center‖₂ ≤ radius }.
public struct Ball<Scalar: BinaryFloatingPoint & Sendable>: ConvexSet, Hashable {
    /// The center (d).
    public let center: [Scalar]
    public let radius: Scalar

    /// - Throws: `ConstraintError` where the radius is negative or a number is not finite.
    public init(center: [Scalar], radius: Scalar) throws(ConstraintError) {
        if let i = center.firstIndex(where: { !$0.isFinite }) {
            throw ConstraintError(.center, coordinate: i, "must be a finite number")
        }
        guard radius.isFinite, radius >= 0 else {
            throw ConstraintError(.radius, "must be a finite number, not negative")
        }
        self.center = center
        self.radius = radius
    }

    public var dimension: Int? { center.count }

    /// Π(y) = c + r (y − c)/‖y − c‖₂ for y outside.
    @inlinable
    public func project(_ point: inout MutableSpan<Scalar>) {
        precondition(point.count == center.count, "the point has the ball's dimension")
        var shrink = 1.0
        var norm = distance(from: point.span, shrunkBy: shrink)
        if norm <= Double(radius) { return }
        if norm.isInfinite {
            shrink = 0x1p-64
            norm = distance(from: point.span, shrunkBy: shrink)
        }
        for i in 0..<point.count {
            // Dividing first keeps the factor from underflowing for a far point.
            let direction = (Double(point[i]) * shrink - Double(center[i]) * shrink) / norm
            point[i] = Scalar(Double(center[i]) + Double(radius) * direction)
        }
    }

    /// ‖y − c‖₂ times a power of two, which is small where the distance exceeds the range of Double.
    @inlinable
    func distance(from point: Span<Scalar>, shrunkBy shrink: Double) -> Double {
        euclideanNorm(count: point.count) { Double(point[$0]) * shrink - Double(center[$0]) * shrink }
    }
}
