/// How far a vector h has moved over all evaluations of a workspace: the sum of ‖h′ − h‖₂ from each
/// to the next, rounded up.
///
/// Where y = w·h + b was computed when the trail was D long, it is at most ‖w‖ (D′ − D) away when
/// the trail is D′ long (the triangle inequality, then Cauchy's and Schwarz's), but for rounding.
///
/// A view of memory that a `Storage` owns. Each member notes the change in its share; when all have
/// met, each asks for the position.
public struct Trail: BitwiseCopyable {
    /// Of each member, in cache lines of their own: Σ change² and Σ value² over its share.
    private let steps: UnsafeMutablePointer<Float>
    /// The last two evaluations that asked, and the lengths after them, by the parity of their numbers.
    private let evaluations: UnsafeMutablePointer<Int>
    private let lengths: UnsafeMutablePointer<Double>
    private static let line = 16
    /// From here on the length begins anew, so that single precision tells small steps apart.
    private static let longest = 256.0
    /// Half a unit in the last place of what is shorter than twice the longest, several times.
    private static let resolution = 1e-4
    /// The sums of squares' rounding errors, generously.
    private static let roundingUp = 1.001

    public init(in storage: Storage) {
        steps = storage.make(Float.self, count: SparseVector.segments * Self.line)
        evaluations = storage.make(Int.self, count: 2)
        lengths = storage.make(Double.self, count: 2)
    }

    /// Where a trail stands in one evaluation.
    public struct Position: BitwiseCopyable {
        let length: Double
        /// ‖h‖, rounded up.
        let norm: Double
        /// What lies on the trail no further than this is reached.
        let reached: Float

        /// Whether the vector and its squared norm are finite in single precision.
        @inline(__always)
        public var isFinite: Bool { norm.isFinite }

        /// What is added to a unit's margin, which is then what `reached` is compared with.
        ///
        /// - Parameter rounding: γ of the unit's sum.
        @inline(__always)
        func base(rounding: Double) -> Float {
            Float(length - 2 * rounding * norm - Trail.resolution)
        }
    }

    @inline(__always)
    func note(change: Float, norm: Float, by member: Crew.Member) {
        steps[Self.line * member.index] = change
        steps[Self.line * member.index + 1] = norm
    }

    /// - Parameter evaluation: its number, from 1. Where it is not the last one's plus 1, nothing is
    ///   known of what was in between, and everything counts as reached.
    @inline(__always)
    public func position(_ evaluation: Int, by member: Crew.Member) -> Position {
        var change = 0.0, norm = 0.0
        for number in 0..<member.members {
            change += Double(steps[Self.line * number])
            norm += Double(steps[Self.line * number + 1])
        }
        let last = (evaluation - 1) & 1, this = evaluation & 1
        var length = lengths[last] + change.squareRoot() * Self.roundingUp + 1e-18
        // Also where it is no number: everything counts as reached then.
        let isNew = evaluations[last] != evaluation - 1 || !(length <= Self.longest)
        if isNew { length = 0 }
        if member.index == 0 {
            lengths[this] = length
            evaluations[this] = evaluation
        }
        return Position(
            length: length, norm: norm.squareRoot() * Self.roundingUp,
            reached: isNew ? .infinity : Float(length).nextUp)
    }
}
