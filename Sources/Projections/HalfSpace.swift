/// The half-space { x : normal·x ≤ offset }.
public struct HalfSpace<Scalar: BinaryFloatingPoint & Sendable>: ConvexSet, Hashable {
    /// The outward normal (d), as it was given.
    public let normal: [Scalar]
    public let offset: Scalar

    /// normal and offset over a power of two, so that ‖normal‖² can neither overflow nor vanish.
    @usableFromInline let scaledNormal: [Double]
    @usableFromInline let scaledOffset: Double
    @usableFromInline let squaredNorm: Double

    /// - Throws: `ConstraintError` where the normal is zero or a number is not finite.
    public init(normal: [Scalar], offset: Scalar) throws(ConstraintError) {
        if let i = normal.firstIndex(where: { !$0.isFinite }) {
            throw ConstraintError(.normal, coordinate: i, "must be a finite number")
        }
        guard offset.isFinite else { throw ConstraintError(.offset, "must be a finite number") }
        let largest = normal.reduce(0.0) { max($0, abs(Double($1))) }
        guard largest > 0 else { throw ConstraintError(.normal, "must not be zero") }
        self.normal = normal
        self.offset = offset
        scaledNormal = normal.map { Self.scale(Double($0), by: -Int(largest.exponent)) }
        scaledOffset = Self.scale(Double(offset), by: -Int(largest.exponent))
        squaredNorm = scaledNormal.reduce(0) { $0 + $1 * $1 }
    }

    public var dimension: Int? { normal.count }

    /// Π(y) = y − max(0, normal·y − offset) normal/‖normal‖².
    @inlinable
    public func project(_ point: inout MutableSpan<Scalar>) {
        precondition(point.count == normal.count, "the point has the half-space's dimension")
        var excess = -scaledOffset
        for i in 0..<point.count { excess += scaledNormal[i] * Double(point[i]) }
        if excess <= 0 { return }
        let multiple = excess / squaredNorm
        for i in 0..<point.count {
            point[i] = Scalar(Double(point[i]) - multiple * scaledNormal[i])
        }
    }

    /// value · 2^power, in two exact steps because 2^power alone may not be a Double.
    private static func scale(_ value: Double, by power: Int) -> Double {
        let half = power / 2
        return value * Double(sign: .plus, exponent: half, significand: 1)
            * Double(sign: .plus, exponent: power - half, significand: 1)
    }
}
