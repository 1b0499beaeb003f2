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
        /// As they were sent; nil where the shard does not say.
        let estimate, exact: Double?
    }

    private static let bodies = ShardBodies(
        common: [
            "tilt", "n", "k", "p", "q", "start", "goal", "method", "outcomes", "relative_error_target",
            "confidence", "seed",
        ],
        derived: [
            "standard_error", "relative_error", "confidence_interval", "z_score",
            "hits", "effective_sample_size", "pareto_k", "pareto_k_threshold", "variance_reduction",
            "warning", "reproduce",
        ],
        needed: ["n", "k", "start", "goal", "method", "confidence", "seed", "shard", "moments", "games_played"])

    init(_ json: JSONNode, limits: RuinLimits) throws {
        var requests: [RuinRequest] = [], tilt: Double?, shards: [Body] = []
        for (index, given) in try Self.bodies.read(json).enumerated() {
            var fields = given
            tilt = try fields.double("tilt")
            let estimate = try fields.double("estimate"), exact = try fields.double("exact")
            let request = try RuinRequest(&fields, relativeErrorTarget: nil, limits: limits)
            let games = try fields.integer("games_played", in: 0...(1 << 53)) ?? 0
            let moments = try RuinMoments(
                fields.moments(), at: "/\(index)/moments", games: UInt64(games), of: request)
            try fields.finish()
            shards.append(Body(shard: request.shard, moments: moments, estimate: estimate, exact: exact))
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
            try ShardBodies.require("exact", body.exact, toBe: plan.exactProbability, in: index)
            try ShardBodies.require("estimate", body.estimate, toBe: plan.estimate(body.moments).value, in: index)
        }
    }
}
