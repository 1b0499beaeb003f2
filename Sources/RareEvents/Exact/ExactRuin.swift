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
        guard ruin.isReachable else {
            probability = 0
            logProbability = -.infinity
            law = nil
            return
        }
        guard let plain = try HittingLaw(ruin, under: .none, check: check) else { return nil }
        let sum = plain.masses.reduce(0, +)
        if sum > 1e-290 {
            probability = min(sum, 1)
            logProbability = min(ElementaryFunction.log(sum), 0)
            law = plain
            return
        }
        // Too small to trust gradual underflow: let a gambler play for whom the goal is in
        // reach, and weigh each event back in logarithms.
        let tilt = ExponentialTilt.reaching(ruin)
        guard let tilted = try HittingLaw(ruin, under: tilt, check: check) else { return nil }
        let terms = tilted.logProbabilities().map(\.logProbability)
        guard let largest = terms.max() else { return nil }
        let total = terms.reduce(0) { $0 + ElementaryFunction.exp($1 - largest) }
        logProbability = largest + ElementaryFunction.log(total)
        probability = ElementaryFunction.exp(logProbability)
        law = tilted
    }
}
