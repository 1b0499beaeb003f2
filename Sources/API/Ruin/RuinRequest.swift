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

    /// What a game may be won or lost by.
    private static let stakes: ClosedRange<Int64> = -(1 << 53)...1 << 53

    /// Reads every parameter but `relative_error` out of a query, or out of a reply's body.
    init(_ fields: inout Fields, relativeErrorTarget: Double?, limits: RuinLimits) throws {
        let declared = RuinFields(limits: limits)
        let n = try fields.read(declared.n), k = try fields.read(declared.k)
        if relativeErrorTarget != nil && fields.has(declared.n) {
            throw Problem.invalid(
                "“relative_error” takes the place of “n”: give only one of them.",
                fields.culprit("relative_error"))
        }
        let p = try fields.read(declared.p)
        proposal = try fields.read(declared.q)
        let start = try fields.read(declared.start), goal = try fields.read(declared.goal)
        method = try fields.read(declared.method)
        outcomes = try fields.read(declared.outcomes)
        confidence = try fields.read(declared.confidence)
        seed = try fields.read(declared.seed)
        shard = try fields.read(declared.shard) ?? .whole
        self.relativeErrorTarget = relativeErrorTarget
        gamblers = relativeErrorTarget == nil ? UInt64(n) : nil

        let games = UInt64(k), capital = Int64(start), target = Int64(goal)
        if outcomes != nil && fields.has(declared.p) {
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
                    + "\(gamblers ?? 1) × \(games).", fields.culprit(fields.has(declared.n) ? "n" : "k"))
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
                    "“n” must be at least the number of shards, \(shard.count), not \(gamblers).",
                    fields.culprit("shard"))
            }
        }
        do throws(InvalidParameter) {
            ruin =
                if let outcomes {
                    try GamblersRuin(
                        outcomes: Self.outcomes(outcomes), start: capital, goal: target, maximumGames: games)
                } else {
                    try GamblersRuin(
                        winProbability: p, start: capital, goal: target, maximumGames: games)
                }
        } catch {
            throw Problem(error, fields.culprit(error.parameter))
        }
    }

    /// A whole query.
    init(query fields: inout Fields, limits: RuinLimits) throws {
        let target = try fields.read(RuinFields(limits: limits).relativeError)
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
