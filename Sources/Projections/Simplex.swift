/// The simplex { x : x ≥ 0, Σ x = total }, in any dimension from 1.
public struct Simplex<Scalar: BinaryFloatingPoint & Sendable>: ConvexSet, Hashable {
    public let total: Scalar

    /// - Throws: `ConstraintError` where the total is negative or not finite.
    public init(total: Scalar) throws(ConstraintError) {
        guard total.isFinite, total >= 0 else {
            throw ConstraintError(.simplex, "must be a finite number, not negative")
        }
        self.total = total
    }

    public var dimension: Int? { nil }

    /// Π(y) = max(y − θ, 0), with the threshold θ found on the sorted coordinates
    /// (Held, Wolfe, Crowder, "Validation of subgradient optimization", 1974).
    /// O(d log d); allocates one array.
    @inlinable
    public func project(_ point: inout MutableSpan<Scalar>) {
        precondition(point.count > 0, "a simplex lies in dimension 1 or more")
        // Subtracting the largest coordinate first changes θ only, and keeps a far point's
        // sums as exact as a near one's.
        var largest = point[0]
        for i in 1..<max(point.count, 1) { largest = max(largest, point[i]) }
        var sorted: [Double] = []
        sorted.reserveCapacity(point.count)
        for i in 0..<point.count { sorted.append(Double(point[i]) - Double(largest)) }
        if sorted.contains(where: \.isNaN) {
            for i in 0..<point.count { point[i] = .nan }
            return
        }
        sorted.sort(by: >)
        var sum = 0.0
        var threshold = 0.0
        for (i, value) in sorted.enumerated() {
            sum += value
            let candidate = (sum - Double(total)) / Double(i + 1)
            if candidate >= value && i > 0 { break }
            threshold = candidate
        }
        for i in 0..<point.count {
            let value = Double(point[i]) - Double(largest) - threshold
            point[i] = value > 0 ? Scalar(value) : 0
        }
    }
}
