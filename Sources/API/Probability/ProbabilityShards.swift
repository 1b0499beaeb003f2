import RareEvents

/// The answers of a run's shards, read back.
struct ProbabilityShards {
    /// What all of them are parts of.
    let request: ProbabilityRequest
    let moments: LimitStateMoments
    /// Of each shard, in the order in which they were sent.
    var each: [LimitStateMoments] { shards.map(\.moments) }
    /// Whether they were asked for by URLs.
    let isQuery: Bool
    private let shards: [Body]

    private struct Body {
        let shard: Shard
        let moments: LimitStateMoments
        /// As it was sent.
        let node: JSONNode
    }

    private static let common = [
        "g", "threshold", "event", "variables", "distributions", "correlation", "method_asked", "relative_error_target",
        "n",
        "max_evaluations", "confidence", "seed", "method",
    ]
    private static let bodies = ShardBodies(
        common: common,
        derived: [
            "exact", "estimate", "standard_error", "relative_error", "confidence_interval", "z_score", "hits", "draws",
            "evaluations",
            "gradient_evaluations", "effective_sample_size", "pareto_k", "pareto_k_threshold", "variance_reduction",
            "method",
            "reason", "design_points", "form_probability", "warning", "variables", "relative_error_target", "reproduce",
        ],
        needed: needed)
    static let needed = [
        "g", "distributions", "method_asked", "n", "max_evaluations", "confidence", "seed", "shard", "moments",
    ]

    init(_ json: JSONNode, _ declared: ProbabilityFields) async throws {
        var first: ProbabilityRequest?, shards: [Body] = [], isQuery = true
        for (index, (given, node)) in zip(try Self.bodies.read(json), json.elements.map(Array.init) ?? []).enumerated()
        {
            var fields = given
            if case .json(let reproduce)? = fields.peek("reproduce"), reproduce.members != nil { isQuery = false }
            let momentsNode = try fields.moments()
            let request: ProbabilityRequest
            if let first {
                // The same as the first's, to the letter.
                for name in Self.common { _ = fields.take(name) }
                request = first
            } else {
                request = try await ProbabilityRequest(&fields, declared, .answer)
                first = request
            }
            guard let shard = try index == 0 ? request.shard : fields.read(declared.shard) else {
                throw fields.missing("shard", "index/count")
            }
            let moments = try LimitStateMoments(momentsNode, at: "/\(index)/moments", request.specification)
            try fields.finish()
            if let whole = shards.first?.moments.whole, whole != moments.whole {
                throw Problem.invalid(
                    "These are parts of \(moments.whole) \(moments.counted), but the first shard’s are of \(whole).",
                    .pointer("/\(index)/moments/of"))
            }
            shards.append(Body(shard: shard, moments: moments, node: node))
        }
        guard let first, let whole = shards.first?.moments.whole else {
            throw Problem.invalid("There are no shards to merge.", .pointer(""))
        }
        moments = try ShardBodies.merge(shards.map { ($0.shard, $0.moments) }, of: whole)
        request = first.whole
        self.isQuery = isQuery
        self.shards = shards
    }

    /// Checks that the shards' figures are those of their moments, and that the run which their parameters lead to has such draws.
    func check(against report: LimitStateReport) throws {
        guard let expected = report.moments, expected.isLike(moments), expected.whole == moments.whole else {
            let draws = report.moments.map { "\($0.whole) \($0.counted)" } ?? "no draws"
            throw Problem.invalid(
                "These parameters lead to a run of \(draws) of another kind than the shards’: one of them was changed.",
                .pointer("/0/moments"))
        }
        if case .directions(_, let evaluations) = moments.detail,
            evaluations > request.specification.maximumEvaluations - DirectionalSampling.reserve
        {
            throw Problem.invalid(
                "The whole run would come so close to max_evaluations, \(request.specification.maximumEvaluations), that it might "
                    + "end early: its shards cannot tell. Allow \(evaluations + DirectionalSampling.reserve) or more.",
                .pointer("/0/max_evaluations"))
        }
        for (index, (body, report)) in zip(shards, report.shards).enumerated() {
            let request = request.part(body.shard)
            let answer = ProbabilityOutcome(
                request: request, report: report, reproduce: request.reproduce(isQuery: isQuery))
            try Self.bodies.require(body.node, toBe: answer.json, in: index)
        }
    }
}
