import Statistics

/// A game with its probabilities tilted: q_j = p_j·exp(θ a_j − ψ), ψ(θ) = log Σ p_j exp(θ a_j).
///
/// The likelihood ratio of a walk of t games that gained s is exp(t ψ − θ s), whatever
/// happened in between. For stakes of one, tilts and win probabilities q are the same
/// family: θ = ½ log(q(1 − p)/(p(1 − q))).
public struct ExponentialTilt: Sendable, Hashable {
    /// θ; 0 leaves the game as it is, above 0 favours gains.
    public let parameter: Double
    /// ψ(θ), the cumulant generating function of one game's gain.
    public let cumulant: Double
    /// q, where the stakes are ±1 and q was what was given or chosen.
    public let winProbability: Double?

    /// The game as it is: every weight is 1.
    public static let none = ExponentialTilt(parameter: 0, cumulant: 0, winProbability: nil)

    init(parameter: Double, cumulant: Double, winProbability: Double?) {
        self.parameter = parameter
        self.cumulant = cumulant
        self.winProbability = winProbability
    }

    /// The tilt with this θ.
    public init(parameter theta: Double, of ruin: GamblersRuin) {
        // From the outcome of the largest exponent, so that nothing overflows.
        let exponents = ruin.outcomes.map { ScalarFunctions.log($0.probability) + theta * Double($0.amount) }
        let largest = exponents.max() ?? 0
        let sum = exponents.reduce(0) { $0 + ScalarFunctions.exp($1 - largest) }
        self.init(
            parameter: theta, cumulant: theta == 0 ? 0 : largest + ScalarFunctions.log(sum),
            winProbability: nil)
    }

    /// The tilt that wins a game of stakes ±1 with probability `q`.
    public init(winProbability q: Double, of ruin: GamblersRuin) throws(InvalidParameter) {
        guard let p = ruin.winProbability else {
            throw InvalidParameter("q", "needs stakes of one, given by p")
        }
        guard q > 0, q < 1 else { throw InvalidParameter("q", "must lie strictly between 0 and 1") }
        let up = Self.logRatio(p, q), down = Self.logRatio(1 - p, 1 - q)
        self.init(parameter: (down - up) / 2, cumulant: (up + down) / 2, winProbability: q)
    }

    /// log(a/b), also where a/b is beyond a double's range or precision.
    private static func logRatio(_ a: Double, _ b: Double) -> Double {
        let ratio = a / b
        return ratio.isNormal ? ScalarFunctions.log(ratio) : ScalarFunctions.log(a) - ScalarFunctions.log(b)
    }

    /// q_j, in the order of the game's outcomes.
    public func probabilities(of ruin: GamblersRuin) -> [Double] {
        if let q = winProbability { return [1 - q, q] }
        if parameter == 0 { return ruin.outcomes.map(\.probability) }
        let masses = ruin.outcomes.map {
            ScalarFunctions.exp(ScalarFunctions.log($0.probability) + parameter * Double($0.amount) - cumulant)
        }
        let total = masses.reduce(0, +)
        return masses.map { $0 / total }
    }

    /// log dP/dQ of any walk from `start` to this event.
    public func logWeight(of event: HittingEvent, start: Int64) -> Double {
        Double(event.games) * cumulant - parameter * Double(event.position - start)
    }

    /// Mean ψ′(θ) and variance ψ″(θ) of one game's gain under the tilt.
    package func gainMoments(of ruin: GamblersRuin) -> (mean: Double, variance: Double) {
        let q = probabilities(of: ruin)
        var mean = 0.0, variance = 0.0
        for (outcome, probability) in zip(ruin.outcomes, q) {
            mean += probability * Double(outcome.amount)
        }
        for (outcome, probability) in zip(ruin.outcomes, q) {
            let difference = Double(outcome.amount) - mean
            variance += probability * difference * difference
        }
        return (mean, variance)
    }
}
