import Statistics

/// The probability of reaching the goal by dynamic programming, with the law that it is
/// the sum of. O(games · fortunes · outcomes) time, O(games · fortunes beyond the goal + fortunes)
/// memory.
public struct ExactRuin: Sendable {
    /// Most updates (games × fortunes × outcomes) that it does: about a third of a second.
    public static let mostUpdates = 1 << 28
    /// Most fortunes between 0 (or what the games allowed can lose) and the goal.
    public static let mostFortunes = 1 << 22
    /// Most hitting events (games × fortunes that a game can end at beyond the goal).
    public static let mostEvents = 1 << 19

    /// P(the goal is reached); 0 where that is impossible. Good to 10 digits and more from
    /// 1 down to 1e-300.
    public let probability: Double
    /// log P, also where P itself is too small for a double; −∞ where it is impossible.
    public let logProbability: Double
    /// When and where the goal is reached; `nil` where it cannot be.
    let law: HittingLaw?

    /// - Parameter check: called every few milliseconds; what it throws ends the work.
    /// - Returns: `nil` where the game is beyond the sizes above.
    public init?(_ ruin: GamblersRuin, check: () throws -> Void = {}) throws {
        var computation = Computation(ruin)
        while true {
            try check()
            if case .finished(let exact) = computation.advance() {
                guard let exact else { return nil }
                self = exact
                return
            }
        }
    }

    private init(probability: Double, logProbability: Double, law: HittingLaw?) {
        self.probability = probability
        self.logProbability = logProbability
        self.law = law
    }

    /// The computation of the exact value, in time slices.
    struct Computation: Sendable {
        enum Progress {
            case unfinished
            /// `nil` where the game is beyond the sizes that `ExactRuin` states.
            case finished(ExactRuin?)
        }

        private let ruin: GamblersRuin
        private var recursion: HittingLaw.Recursion?
        /// Whether the law is worked out under a tilt, since the probability was too small without.
        private var isTilted = false

        init(_ ruin: GamblersRuin) {
            self.ruin = ruin
            recursion = HittingLaw.Recursion(ruin, under: .none)
        }

        /// Works for about a millisecond; in the largest games, 20 ms at the end.
        mutating func advance() -> Progress {
            guard ruin.isReachable else {
                return .finished(ExactRuin(probability: 0, logProbability: -.infinity, law: nil))
            }
            switch recursion?.advance() {
            case .unfinished: return .unfinished
            case .tooLarge, nil: return .finished(nil)
            case .finished(let law): return isTilted ? .finished(Self.weighed(law)) : finish(law)
            }
        }

        private mutating func finish(_ law: HittingLaw) -> Progress {
            let sum = law.masses.reduce(0, +)
            if sum > 1e-290 {
                return .finished(
                    ExactRuin(
                        probability: min(sum, 1), logProbability: min(ElementaryFunction.log(sum), 0), law: law))
            }
            // Too small to trust gradual underflow: let a gambler play for whom the goal is in
            // reach, and weigh each event back in logarithms.
            isTilted = true
            recursion = HittingLaw.Recursion(ruin, under: .reaching(ruin))
            return .unfinished
        }

        private static func weighed(_ law: HittingLaw) -> ExactRuin? {
            let terms = law.logProbabilities().map(\.logProbability)
            guard let largest = terms.max() else { return nil }
            let total = terms.reduce(0) { $0 + ElementaryFunction.exp($1 - largest) }
            let logProbability = largest + ElementaryFunction.log(total)
            return ExactRuin(
                probability: ElementaryFunction.exp(logProbability), logProbability: logProbability, law: law)
        }
    }
}
