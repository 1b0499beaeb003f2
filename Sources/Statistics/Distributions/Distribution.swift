/// A distribution on the real line whose draw i is a pure function of a Philox stream and
/// of i: the same bits in whatever order, chunks or number of threads they are made.
///
/// A stream serves one distribution: two over the same stream share their random words.
public protocol Distribution: Sendable {
    /// Writes draws `first`, `first` + 1, … of `philox`.
    func fill(_ draws: UnsafeMutableBufferPointer<Double>, from philox: Philox, at first: UInt64)
    /// The logarithm of the density at x.
    func logDensity(_ x: Double) -> Double
    /// P(X ≤ x).
    func cumulativeProbability(_ x: Double) -> Double
    /// The x below which a share p of the draws falls; NaN for p outside [0, 1].
    func quantile(_ p: Double) -> Double
}

extension Distribution {
    /// Draw `index` of `philox`.
    public func draw(from philox: Philox, at index: UInt64) -> Double {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 1) { draws in
            fill(draws, from: philox, at: index)
            return draws[0]
        }
    }

    /// Draws `first` to `first` + `count` − 1 of `philox`.
    public func draws(_ count: Int, from philox: Philox, at first: UInt64 = 0) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { draws, initialized in
            fill(.init(rebasing: draws[..<count]), from: philox, at: first)
            initialized = count
        }
    }
}
