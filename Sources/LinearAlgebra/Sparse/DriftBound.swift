/// An upper bound on how far a vector h has moved over all evaluations of a workspace: the sum of
/// ‖h′ − h‖₂ from each evaluation to the next, rounded up.
///
/// Where y = w·h + b was computed at a drift of D, it is at most ‖w‖ (D′ − D) away at a drift of D′
/// (by the triangle inequality, then Cauchy and Schwarz), but for rounding.
///
/// A view of memory that a `Storage` owns. Each member of the team notes the change in its share;
/// when all have passed the barrier, each asks for the value.
public struct DriftBound: BitwiseCopyable {
    /// Of each member, in cache lines of their own: Σ change² and Σ value² over its share.
    private let steps: UnsafeMutablePointer<Float>
    /// The numbers of the last two evaluations and the drift after each, by the number's parity.
    private let evaluations: UnsafeMutablePointer<Int>
    private let drifts: UnsafeMutablePointer<Double>
    private static let line = 16
    /// Beyond this the drift restarts at 0, so that single precision tells small steps apart.
    private static let largest = 256.0
    /// Several times the rounding error in single precision of a number below twice the largest.
    private static let resolution = 1e-4
    /// More than the rounding errors of the sums of squares.
    private static let roundingUp = 1.001

    public init(in storage: Storage) {
        steps = storage.make(Float.self, count: SparseVector.segments * Self.line)
        evaluations = storage.make(Int.self, count: 2)
        drifts = storage.make(Double.self, count: 2)
    }

    /// The bound at one evaluation.
    public struct Value: BitwiseCopyable {
        let drift: Double
        /// ‖h‖, rounded up.
        let norm: Double
        /// Whether the vector and its squared norm are finite in single precision.
        @inline(__always)
        public var isFinite: Bool { norm.isFinite }

        /// A unit that is provably inactive until a drift above this one need not be computed.
        let reached: Float

        /// Whether the vector and its squared norm are finite in single precision.
        @inline(__always)
        public var isFinite: Bool { norm.isFinite }

        /// What is added to a unit's margin to give the drift until which it is provably inactive.
        ///
        /// - Parameter rounding: γ of the unit's sum.
        @inline(__always)
        func base(rounding: Double) -> Float {
            Float(drift - 2 * rounding * norm - DriftBound.resolution)
        }
    }

    @inline(__always)
    func note(change: Float, norm: Float, by member: ThreadTeam.Member) {
        steps[Self.line * member.index] = change
        steps[Self.line * member.index + 1] = norm
    }

    /// - Parameter evaluation: its number, from 1. Where it is not the last one's plus 1, what
    ///   happened in between is unknown, and no unit counts as provably inactive.
    @inline(__always)
    public func value(at evaluation: Int, by member: ThreadTeam.Member) -> Value {
        var change = 0.0, norm = 0.0
        for number in 0..<member.members {
            change += Double(steps[Self.line * number])
            norm += Double(steps[Self.line * number + 1])
        }
        let last = (evaluation &- 1) & 1, this = evaluation & 1
        var drift = drifts[last] + change.squareRoot() * Self.roundingUp + 1e-18
        // A drift that is not a number restarts, too.
        let restarts = evaluations[last] != evaluation &- 1 || !(drift <= Self.largest)
        if restarts { drift = 0 }
        if member.index == 0 {
            drifts[this] = drift
            evaluations[this] = evaluation
        }
        return Value(
            drift: drift, norm: norm.squareRoot() * Self.roundingUp,
            reached: restarts ? .infinity : Float(drift).nextUp)
    }
}
