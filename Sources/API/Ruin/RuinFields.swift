import RareEvents
import Statistics

/// The parameters of `/ruin`.
struct RuinFields: Sendable {
    let n: Field<Int>
    let k: Field<Int>
    let p: Field<Double>
    let q: Field<RuinPlan.Proposal>
    let start, goal: Field<Int>
    let method: Field<RuinPlan.Method>
    let outcomes: Field<String?>
    let relativeError: Field<Double?>
    let confidence: Field<Double>
    let seed = Field.seed()
    let shard: Field<Shard?>

    /// What “start” and “goal” may be; the domain value checks how they relate.
    private static let capital = 1...1 << 50

    init(limits: RuinLimits) {
        n = .integer(
            "n", in: 1...Int(limits.gamblers), default: 3000,
            "How many gamblers play; n·k is at most \(limits.games).")
        k = .integer("k", in: 1...(1 << 50), default: 600, "The most games that each of them plays.")
        p = .number(
            "p", in: StrictlyBetween(0, 1), default: 18.0 / 37, shown: .string("18/37"), example: .string("18/37"),
            "The probability of winning one game; 18/37 is red at roulette.")
        q = Self.proposal
        start = .integer("start", in: Self.capital, default: 100, "The money at the start.")
        goal = .integer(
            "goal", in: Self.capital, default: 200,
            "The money at which a gambler stops as a winner; above start.")
        method = .choice(
            "method", default: .importance,
            "How walks are sampled: with changed odds and weights, with the true odds, or given that they win.")
        outcomes = .text(
            "outcomes", TextForm(format: "stakes"), example: "35:1/37,-1:36/37",
            "Other stakes than one, as amount:probability pairs.")
        relativeError = .number(
            "relative_error", in: Positive(), example: .number(0.01),
            "Go on until the relative error is below this.")
        confidence = .number(
            "confidence", in: StrictlyBetween(0, 1), default: 0.95, "The confidence level of the interval.")
        shard = .shard(
            "Simulate only this slice of the gamblers, as index/count with the index from 0; requires a seed.",
            default: .string("0/1"))
    }

    /// In the order of the contract, which `reproduce` keeps.
    var all: [Property] {
        [
            n.property, k.property, p.property, q.property, start.property, goal.property, method.property,
            outcomes.property.excluding(["p", "q"]),
            relativeError.property.excluding(["n", "shard"]), confidence.property, seed.property, shard.property,
        ]
    }

    /// A number strictly between 0 and 1, or the word auto.
    private static var proposal: Field<RuinPlan.Proposal> {
        let range = StrictlyBetween(0, 1)
        let schema = Schema.anyOf(
            [.constant(.string("auto")), .number("", range.bounds)],
            "The win probability that importance sampling plays with instead of p; auto picks the one with the least "
                + "variance.")
        return Field(.field("q", schema, default: .string("auto"))) { fields in
            if fields.isWord("q", "auto") {
                _ = fields.take("q")
                return .automatic
            }
            guard let q = try fields.double("q", in: range) else { return .automatic }
            return .winProbability(q)
        }
    }
}
