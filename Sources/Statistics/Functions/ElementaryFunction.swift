/// The elementary functions on which replies may depend: the same bits on every machine
/// and on every instruction set, for one number and for an array.
///
///     ElementaryFunction.exp(1.0)
///     ElementaryFunction.sin.apply(to: angles, into: sines)
///
/// They are within 1.1 units in the last place, `erfc` within 1.7, `normalCDF` within 2.1.
/// Special values follow annex F of the C standard; NaN is always the same NaN.
public enum ElementaryFunction: Sendable, CaseIterable {
    case exp, expm1, log, log1p, sin, cos, tan, tanh, erf, erfc
    /// 1 / (1 + e^−x).
    case sigmoid
    /// log(1 + e^x), without overflow.
    case softplus
    /// Φ(x) = ½ erfc(−x/√2), accurate relative to itself in the lower tail.
    case normalCDF

    public func callAsFunction(_ x: [Double]) -> [Double] {
        [Double](unsafeUninitializedCapacity: x.count) { y, count in
            x.withUnsafeBufferPointer { apply(to: $0, into: .init(rebasing: y[..<x.count])) }
            count = x.count
        }
    }
}

/// The five of them that exist in single precision, within 1.1 units in the last place.
public enum SingleElementaryFunction: Sendable, CaseIterable {
    case exp, log, tanh
    /// 1 / (1 + e^−x).
    case sigmoid
    /// log(1 + e^x), without overflow.
    case softplus

    public func callAsFunction(_ x: [Float]) -> [Float] {
        [Float](unsafeUninitializedCapacity: x.count) { y, count in
            x.withUnsafeBufferPointer { apply(to: $0, into: .init(rebasing: y[..<x.count])) }
            count = x.count
        }
    }
}
