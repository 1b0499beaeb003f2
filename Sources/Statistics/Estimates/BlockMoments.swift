/// Mean and variance of draws that arrive in blocks: two passes over each block, then the
/// blocks merge (Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for
/// computing sample variances", 1979), so nothing cancels. The order of the blocks is part
/// of the result's bits.
public struct BlockMoments: Sendable, Hashable {
    public private(set) var count = 0
    public private(set) var mean = 0.0
    /// Σ (x − mean)².
    public private(set) var squaredDeviations = 0.0

    public init() {}

    /// Adds the first `count` numbers of `block`, each times `scale`. O(count).
    public mutating func add(_ block: UnsafePointer<Double>, count added: Int, scale: Double = 1) {
        precondition(added > 0, "a block has at least one number")
        let center = VectorArithmetic.sum(block, count: added) / Double(added)
        let squares = VectorArithmetic.squaredDeviations(of: block, from: center, count: added)
        let total = count + added
        let share = Double(added) / Double(total)
        let step = scale * center - mean
        squaredDeviations += scale * scale * squares + step * step * Double(count) * share
        mean += step * share
        count = total
    }

    /// The unbiased variance of one draw; nil for fewer than two.
    public var variance: Double? {
        count > 1 ? squaredDeviations / Double(count - 1) : nil
    }

    /// √(variance / count), for independent draws; nil for fewer than two.
    public var standardError: Double? {
        variance.map { ($0 / Double(count)).squareRoot() }
    }
}
