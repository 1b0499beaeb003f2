/// A closed convex set C of R^d with a Euclidean projection
/// Π_C(y) = argmin { ‖x − y‖₂ : x in C }.
///
/// The projection is in place and allocates nothing unless its conformer says so, because
/// projected-gradient methods call it once an iteration.
public protocol ConvexSet<Scalar>: Sendable {
    associatedtype Scalar: BinaryFloatingPoint & Sendable

    /// The dimension d of the points, or nil where the set exists in every dimension.
    var dimension: Int? { get }

    /// Replaces y by Π_C(y). A coordinate that is not a number stays one, unless C fixes it.
    ///
    /// - Precondition: `point.count == dimension`, where there is one.
    func project(_ point: inout MutableSpan<Scalar>)

    /// ‖Π_C(x + ∇) − x‖₂: zero exactly at the stationary points of a maximization over C,
    /// and so the measure that projected-gradient ascent stops by.
    ///
    /// The sum runs in the order of the coordinates, in Double.
    ///
    /// - Parameters:
    ///   - point: x (d), a point of C
    ///   - gradient: ∇ (d), the gradient at x of what is maximized
    func projectedGradientNorm(at point: Span<Scalar>, gradient: Span<Scalar>) -> Double
}

extension ConvexSet {
    /// Π_C of an array, in place.
    @inlinable
    public func project(_ point: inout [Scalar]) {
        var span = point.mutableSpan
        project(&span)
    }

    /// Π_C(y) as a new array.
    @inlinable
    public func projection(of point: [Scalar]) -> [Scalar] {
        var copy = point
        project(&copy)
        return copy
    }

    @inlinable
    public func projectedGradientNorm(at point: [Scalar], gradient: [Scalar]) -> Double {
        projectedGradientNorm(at: point.span, gradient: gradient.span)
    }

    /// The general form, which needs one scratch array; separable sets do without.
    @inlinable
    public func projectedGradientNorm(at point: Span<Scalar>, gradient: Span<Scalar>) -> Double {
        precondition(point.count == gradient.count, "a gradient has its point's dimension")
        var moved = [Scalar](repeating: 0, count: point.count)
        for i in moved.indices { moved[i] = point[i] + gradient[i] }
        project(&moved)
        return euclideanNorm(count: point.count) { Double(moved[$0]) - Double(point[$0]) }
    }
}

/// ‖x − y‖₂, in Double.
@inlinable
public func euclideanDistance<Scalar: BinaryFloatingPoint>(_ x: [Scalar], _ y: [Scalar]) -> Double {
    precondition(x.count == y.count, "a distance is between points of one dimension")
    return euclideanNorm(count: x.count) { Double(x[$0]) - Double(y[$0]) }
}

/// ‖v‖₂ of the vector whose coordinate i is `component(i)`. Only where the plain sum of
/// squares leaves the range of Double does it take a second, scaled pass.
@inlinable
package func euclideanNorm(count: Int, _ component: (Int) -> Double) -> Double {
    var sum = 0.0
    for i in 0..<count {
        let value = component(i)
        sum += value * value
    }
    // Between these bounds no square that matters was lost to underflow or overflow.
    if sum >= 0x1p-900 && sum <= Double.greatestFiniteMagnitude || sum.isNaN {
        return sum.squareRoot()
    }
    var largest = 0.0
    for i in 0..<count { largest = max(largest, abs(component(i))) }
    if largest == 0 || largest.isInfinite { return largest }
    largest = largest.binade
    var scaled = 0.0
    for i in 0..<count {
        let value = component(i) / largest
        scaled += value * value
    }
    return largest * scaled.squareRoot()
}
