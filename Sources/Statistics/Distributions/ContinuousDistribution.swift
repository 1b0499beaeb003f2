/// A distribution with a density, known in both tails: a probability near 1 keeps its digits as the survival
/// probability of the other side.
///
/// Nothing here traps: an argument outside the domain gives NaN, one outside the support 0 or 1.
public protocol ContinuousDistribution: Sendable {
    /// The logarithm of the density at x; −∞ outside the support.
    func logDensity(_ x: Double) -> Double
    /// P(X ≤ x), accurate relative to itself in the lower tail.
    func cumulativeProbability(_ x: Double) -> Double
    /// P(X > x), accurate relative to itself in the upper tail.
    func survivalProbability(_ x: Double) -> Double
    /// The x with P(X ≤ x) = p; NaN for p outside [0, 1].
    func quantile(_ p: Double) -> Double
    /// The x with P(X > x) = q; NaN for q outside [0, 1].
    func upperQuantile(_ q: Double) -> Double
    /// NaN where there is none.
    var mean: Double { get }
    /// Infinite or NaN where there is none.
    var standardDeviation: Double { get }
    /// x[i] = F⁻¹(Φ(u[i])): standard normal numbers become numbers of this distribution, in order. `x` may be `u`.
    ///
    /// Beyond ±37.5, where Φ leaves a double's range, the value at ±37.5.
    func transform(_ u: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int)
    /// About how many times as long as an exponential an element of `transform` takes.
    var transformCost: Int { get }
}

extension ContinuousDistribution {
    /// The density at x.
    public func density(_ x: Double) -> Double { ElementaryFunction.exp(logDensity(x)) }

    public func transform(_ u: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int) {
        for i in 0..<count { x[i] = transformed(u[i]) }
    }

    public var transformCost: Int { 4 }

    /// F⁻¹(Φ(u)) by the quantile of the nearer tail.
    package func transformed(_ u: Double) -> Double {
        guard !u.isNaN else { return .nan }
        let tail = ElementaryFunction.normalCDF(-min(u.magnitude, StandardNormalTail.farthest))
        return u > 0 ? upperQuantile(tail) : quantile(tail)
    }

    /// dF⁻¹(Φ(u))/du = φ(u)/f(x) at u, where x is the value of `transform` there; 0 where x is at an end of the support.
    public func transformDerivative(at u: Double, _ x: Double) -> Double {
        let u = min(u.magnitude, StandardNormalTail.farthest)
        let logarithm = -0.5 * u * u - 0.918_938_533_204_672_74 - logDensity(x)
        let derivative = ElementaryFunction.exp(logarithm)
        return derivative.isFinite ? derivative : 0
    }
}

/// Blocks of −log Φ, from which distributions whose quantile is a logarithm are made.
enum StandardNormalTail {
    /// Where Φ(−u) is near the smallest normal double.
    static let farthest = 37.5

    /// y[i] = −log P(Z > u[i]), Z standard normal: exponential numbers of rate 1, in order; accurate relative to
    /// themselves on both sides. `y` may be `u`.
    static func exponentials(_ u: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * blockSize) { memory in
            let tail = UnsafeMutableBufferPointer(rebasing: memory[..<blockSize])
            let other = UnsafeMutableBufferPointer(rebasing: memory[blockSize...])
            for start in stride(from: 0, to: count, by: blockSize) {
                let size = min(blockSize, count - start), u = u + start, y = y + start
                for i in 0..<size { tail[i] = -min(u[i].magnitude, farthest) }
                let values = UnsafeMutableBufferPointer(rebasing: tail[..<size])
                ElementaryFunction.normalCDF.apply(to: .init(values), into: values)
                for i in 0..<size { other[i] = -tail[i] }
                let logarithms = UnsafeMutableBufferPointer(rebasing: other[..<size])
                ElementaryFunction.log1p.apply(to: .init(logarithms), into: logarithms)
                ElementaryFunction.log.apply(to: .init(values), into: values)
                for i in 0..<size { y[i] = u[i] > 0 ? -tail[i] : -other[i] }
            }
        }
    }

    private static let blockSize = 256
}
