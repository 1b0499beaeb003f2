import RareEvents
import Statistics

/// What a client may ask of the gambler's ruin, checked.
struct RuinRequest: Sendable {
    let ruin: GamblersRuin
    /// As they were given: those of `ruin` are sorted and scaled to sum to 1.
    let outcomes: String?
    /// Gamblers; nil where the relative error decides.
    let gamblers: UInt64?
    let relativeErrorTarget: Double?
    let method: RuinPlan.Method
    let proposal: RuinPlan.Proposal
    let confidence: Double
    let seed: UInt64?
    var shard: Shard
    /// The most gamblers that the limits allow.
    let mostGamblers: UInt64

    /// What “start” and “goal” may be; the domain says how they must lie to one another.
    private static let capital = -(1 << 53)...1 << 53
    /// What a game may be won or lost by.
    private static let stakes: ClosedRange<Int64> = -(1 << 53)...1 << 53

    /// Reads every parameter but `relative_error` out of a query, or out of a reply's body.
    init(_ fields: inout Fields, relativeErrorTarget: Double?, limits: RuinLimits) throws {
        let n = try fields.integer("n", in: 1...Int(limits.gamblers))
        let k = try fields.integer("k", in: 1...(1 << 50))
        if relativeErrorTarget != nil && n != nil {
            throw Problem.invalid(
                "“relative_error” takes the place of “n”: give only one of them.",
                fields.culprit("relative_error"))
        }
        let p = try fields.double("p", in: StrictlyBetween(0, 1))
        proposal = try Self.proposal(&fields)
        let start = try fields.integer("start", in: Self.capital), goal = try fields.integer("goal", in: Self.capital)
        method = try fields.choice("method") ?? .importance
        outcomes = try fields.string("outcomes")
        confidence = try fields.double("confidence", in: StrictlyBetween(0, 1)) ?? 0.95
        seed = try fields.seed()
        shard = try Self.shard(&fields)
        self.relativeErrorTarget = relativeErrorTarget
        gamblers = relativeErrorTarget == nil ? UInt64(n ?? 3000) : nil

        let games = UInt64(k ?? 600), capital = Int64(start ?? 100), target = Int64(goal ?? 200)
        if outcomes != nil && p != nil {
            throw Problem.invalid("“outcomes” takes the place of “p”: give only one of them.", fields.culprit("p"))
        }
        if proposal != .automatic && (outcomes != nil || method != .importance) {
            throw Problem.invalid(
                "“q” applies only to method=importance without “outcomes”.", fields.culprit("q"))
        }
        mostGamblers = limits.gamblers(playing: games)
        guard gamblers ?? 1 <= mostGamblers else {
            throw Problem.invalid(
                "“n” × “k” must be at most \(limits.games) games (the setting ruin.max_games), not "
                    + "\(gamblers ?? 1) × \(games).", fields.culprit(n == nil ? "k" : "n"))
        }
        if shard != .whole {
            guard seed != nil else {
                throw Problem.invalid("“shard” requires “seed”.", fields.culprit("seed"))
            }
            guard let gamblers else {
                throw Problem.invalid(
                    "A run with “relative_error” cannot be split into shards.", fields.culprit("shard"))
            }
            guard shard.count <= gamblers else {
                throw Problem.invalid(
                    "“n” must be at least the number of shards, \(shard.count), not \(gamblers).", fields.culprit("shard"))
            }
        }
        do throws(InvalidParameter) {
            ruin = if let outcomes {
                try GamblersRuin(
                    outcomes: Self.outcomes(outcomes), start: capital, goal: target, maximumGames: games)
            } else {
                try GamblersRuin(
                    winProbability: p ?? 18.0 / 37, start: capital, goal: target, maximumGames: games)
            }
        } catch {
            throw Problem(error, fields.culprit(error.parameter))
        }
    }

    /// A whole query.
    init(query fields: inout Fields, limits: RuinLimits) throws {
        let target = try fields.double("relative_error", in: Positive())
        try self.init(&fields, relativeErrorTarget: target, limits: limits)
        try fields.finish()
    }

    /// The gamblers of this request.
    var extent: RuinRun.Extent {
        if let relativeErrorTarget { return .relativeError(relativeErrorTarget, most: mostGamblers) }
        return .gamblers(shard.gamblers(of: gamblers ?? 1))
    }

    /// The run that this is a shard of.
    var whole: RuinRequest {
        var copy = self
        copy.shard = .whole
        return copy
    }

    /// A number strictly between 0 and 1, or the word auto.
    private static func proposal(_ fields: inout Fields) throws -> RuinPlan.Proposal {
        if fields.isWord("q", "auto") {
            _ = fields.take("q")
            return .automatic
        }
        guard let q = try fields.double("q", in: StrictlyBetween(0, 1)) else { return .automatic }
        return .winProbability(q)
    }

    /// `3/16`
    private static func shard(_ fields: inout Fields) throws -> Shard {
        guard let text = try fields.string("shard") else { return .whole }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { UInt64($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1] else {
            throw Problem.malformed(
                "“shard” must be an index from 0 and the number of shards, such as 3/16, not \(text.quoted).",
                fields.culprit("shard"))
        }
        do {
            return try Shard(index: index, count: count)
        } catch {
            throw Problem(error, fields.culprit("shard"))
        }
    }

    /// `35:1/37,-1:36/37`
    private static func outcomes(_ text: String) throws(InvalidParameter) -> [GamblersRuin.Outcome] {
        var outcomes: [GamblersRuin.Outcome] = []
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let amount = Int64(parts[0]), Self.stakes.contains(amount),
                let probability = NumberText.double(String(parts[1]))
            else {
                throw InvalidParameter(
                    "outcomes", "must be pairs amount:probability, such as 35:1/37,-1:36/37, not \(pair.quoted)")
            }
            outcomes.append(GamblersRuin.Outcome(amount: amount, probability: probability))
        }
        return outcomes
    }
}

extension Problem {
    init(_ error: InvalidParameter, _ culprit: Culprit) {
        self = .invalid("“\(error.parameter)” \(error.reason).", culprit)
    }
}
