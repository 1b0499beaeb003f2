import Statistics

/// A gambler who plays the same game over and over: the probability of reaching `goal`
/// from `start` within `maximumGames` games, before falling to 0 or below.
public struct GamblersRuin: Sendable, Hashable {
    /// What one game can pay.
    public struct Outcome: Sendable, Hashable {
        /// What the gambler wins; negative for a loss.
        public var amount: Int64
        /// Between 0 and 1.
        public var probability: Double

        public init(amount: Int64, probability: Double) {
            self.amount = amount
            self.probability = probability
        }
    }

    /// The outcomes of a game, by ascending amount, probabilities summing to 1.
    public let outcomes: [Outcome]
    /// What the gambler starts with: 0 < start < goal.
    public let start: Int64
    /// The gambler stops at this or above.
    public let goal: Int64
    /// The most games played: at least 1.
    public let maximumGames: UInt64
    /// The chance to win a game of stakes ±1; `nil` where the outcomes were given.
    public let winProbability: Double?

    /// Largest amount, start and goal: sums of them stay far inside 64 bits.
    public static let largestAmount: Int64 = 1 << 50
    /// Most outcomes of a game.
    public static let mostOutcomes = 64

    /// Stakes of one: wins 1 with probability `winProbability`, else loses 1.
    public init(
        winProbability p: Double = 18.0 / 37, start: Int64 = 100, goal: Int64 = 200,
        maximumGames: UInt64 = 600
    ) throws(InvalidParameter) {
        guard p > 0, p < 1 else { throw InvalidParameter("p", "must lie strictly between 0 and 1") }
        try self.init(
            checked: [Outcome(amount: -1, probability: 1 - p), Outcome(amount: 1, probability: p)],
            start: start, goal: goal, maximumGames: maximumGames, winProbability: p)
    }

    /// A game of any stakes, in any order; equal amounts are one outcome.
    public init(
        outcomes: [Outcome], start: Int64 = 100, goal: Int64 = 200, maximumGames: UInt64 = 600
    ) throws(InvalidParameter) {
        let name = "outcomes"
        guard !outcomes.isEmpty else { throw InvalidParameter(name, "must not be empty") }
        guard outcomes.count <= Self.mostOutcomes else {
            throw InvalidParameter(name, "must be at most \(Self.mostOutcomes) pairs")
        }
        var merged: [Outcome] = []
        for outcome in outcomes.sorted(by: { ($0.amount, $0.probability) < ($1.amount, $1.probability) }) {
            guard outcome.probability > 0, outcome.probability <= 1 else {
                throw InvalidParameter(name, "must have probabilities above 0 and at most 1")
            }
            guard outcome.amount.magnitude <= UInt64(Self.largestAmount) else {
                throw InvalidParameter(name, "must have amounts of at most 2^50")
            }
            if merged.last?.amount == outcome.amount {
                merged[merged.count - 1].probability += outcome.probability
            } else {
                merged.append(outcome)
            }
        }
        // Probabilities of few digits, such as 0.333, miss 1 by more than rounding does.
        let total = merged.reduce(0) { $0 + $1.probability }
        guard (total - 1).magnitude <= 1e-9 else {
            throw InvalidParameter(name, "must have probabilities that sum to 1, not to \(total)")
        }
        try self.init(
            checked: merged.map { Outcome(amount: $0.amount, probability: $0.probability / total) },
            start: start, goal: goal, maximumGames: maximumGames, winProbability: nil)
    }

    private init(
        checked outcomes: [Outcome], start: Int64, goal: Int64, maximumGames: UInt64,
        winProbability: Double?
    ) throws(InvalidParameter) {
        guard start >= 1 else { throw InvalidParameter("start", "must be at least 1") }
        guard goal >= 1 else { throw InvalidParameter("goal", "must be at least 1") }
        guard goal <= Self.largestAmount else { throw InvalidParameter("goal", "must be at most 2^50") }
        guard start < goal else { throw InvalidParameter("start", "must be below the goal") }
        guard maximumGames >= 1 else { throw InvalidParameter("k", "must be at least 1") }
        guard maximumGames <= 1 << 50 else { throw InvalidParameter("k", "must be at most 2^50") }
        self.outcomes = outcomes
        self.start = start
        self.goal = goal
        self.maximumGames = maximumGames
        self.winProbability = winProbability
    }

    /// The largest win of a game; 0 where no outcome wins.
    public var largestWin: Int64 { max(outcomes.last?.amount ?? 0, 0) }
    /// The largest loss of a game, as a positive number; 0 where no outcome loses.
    public var largestLoss: Int64 { max(-(outcomes.first?.amount ?? 0), 0) }
    /// The fewest games that can reach the goal; `nil` where none can.
    public var fewestGames: UInt64? {
        largestWin > 0 ? UInt64((goal - start - 1) / largestWin + 1) : nil
    }
    /// The fewest games that can end in ruin; no less than all that are allowed where nothing is ever lost.
    var fewestLosses: UInt64 { largestLoss > 0 ? UInt64((start - 1) / largestLoss + 1) : maximumGames }
    /// Whether the goal can be reached within the games allowed.
    public var isReachable: Bool { fewestGames.map { $0 <= maximumGames } ?? false }
    /// Whether stakes of one leave a single number of games in which the goal can be reached. (With
    /// stakes of one that number is even or odd as the distance is.)
    var hasOneEvent: Bool {
        guard winProbability != nil, let fewestGames else { return false }
        return fewestGames <= maximumGames && maximumGames - fewestGames < 2
    }
    /// The expected gain of a game.
    public var drift: Double { outcomes.reduce(0) { $0 + Double($1.amount) * $1.probability } }
}
