import RareEvents

/// The bodies of a run's shards, read back.
struct RuinShards {
    /// What all of them ran, as the whole.
    let request: RuinRequest
    /// What they sampled from where stakes are not one.
    let tilt: Double?
    let moments: RuinMoments
    private let shards: [Body]

    private struct Body {
        let shard: Shard
        let moments: RuinMoments
        /// As it was sent.
        let node: JSONNode
    }

    private static let bodies = ShardBodies(
        common: [
            "tilt", "n", "k", "p", "q", "start", "goal", "method", "outcomes", "relative_error_target",
            "confidence", "seed",
        ],
        derived: [
            "exact", "estimate", "standard_error", "relative_error", "confidence_interval", "z_score",
            "hits", "effective_sample_size", "pareto_k", "pareto_k_threshold", "variance_reduction",
            "warning", "reproduce",
        ],
        needed: ["n", "k", "start", "goal", "method", "confidence", "seed", "shard", "moments", "games_played"])

    init(_ json: JSONNode, limits: RuinLimits) throws {
        var requests: [RuinRequest] = [], tilt: Double?, shards: [Body] = []
        for (index, (given, node)) in zip(try Self.bodies.read(json), json.elements.map(Array.init) ?? []).enumerated()
        {
            var fields = given
            tilt = try fields.double("tilt")
            let request = try RuinRequest(&fields, relativeErrorTarget: nil, limits: limits)
            let games = try fields.integer("games_played", in: 0...(1 << 53)) ?? 0
            let moments = try RuinMoments(
                fields.moments(), at: "/\(index)/moments", games: UInt64(games), of: request)
            try fields.finish()
            shards.append(Body(shard: request.shard, moments: moments, node: node))
            requests.append(request)
        }
        moments = try ShardBodies.merge(shards.map { ($0.shard, $0.moments) }, of: requests[0].gamblers ?? 0)
        request = requests[0].whole
        self.tilt = tilt
        self.shards = shards
    }

    /// Checks that the shards' figures are those of their moments under the plan that their parameters lead to.
    /// A parameter that was changed after the run, in all shards alike, shows here alone.
    func check(against plan: RuinPlan) throws {
        for (index, body) in shards.enumerated() {
            var request = request
            request.shard = body.shard
            let answer = RuinOutcome(request: request, plan: plan, report: plan.report(body.moments))
            try Self.bodies.require(body.node, toBe: answer.json, in: index)
            let games = body.moments.possibleGames(of: plan.ruin)
            guard games.contains(body.moments.games) else {
                throw Problem.invalid(
                    "“games_played” is \(body.moments.games), but gamblers of these moments play between \(games.lowerBound) and "
                        + "\(games.upperBound) games: one of them was changed.", .pointer("/\(index)/games_played"))
            }
        }
    }
}
