import RareEvents

/// The bodies of a run's shards, read back.
struct RuinShards {
    /// What all of them ran, as the whole.
    let request: RuinRequest
    /// What they sampled from where stakes are not one.
    let tilt: Double?
    let moments: RuinMoments
    private var shards: [Body] = []

    private struct Body {
        let shard: Shard
        let moments: RuinMoments
        /// As they were sent; nil where the shard does not say.
        let estimate, exact: Double?
    }

    /// The fields that must be the same in all shards.
    private static let common = [
        "tilt", "n", "k", "p", "q", "start", "goal", "method", "outcomes", "relative_error_target",
        "confidence", "seed",
    ]
    /// What follows from the moments, and is not read.
    private static let derived = [
        "standard_error", "relative_error", "confidence_interval", "z_score",
        "hits", "effective_sample_size", "pareto_k", "pareto_k_threshold", "variance_reduction",
        "warning", "reproduce",
    ]

    init(_ json: JSONNode, limits: RuinLimits) throws {
        guard let bodies = json.elements else {
            throw Problem.invalid("An array of the shards' bodies is expected, not \(json.kind).", .pointer(""))
        }
        guard let count = json.count, count > 0 else {
            throw Problem.invalid("There are no shards to merge.", .pointer(""))
        }
        var requests: [RuinRequest] = [], first: [String: String] = [:], tilt: Double?
        for (index, body) in bodies.enumerated() {
            let pointer = "/\(index)"
            var fields = try Fields(body, at: pointer, ignoringNulls: true)
            let texts = Self.texts(body)
            if index == 0 { first = texts }
            if let name = Self.common.first(where: { texts[$0] != first[$0] }) {
                throw Problem.invalid(
                    "“\(name)” is \((texts[name] ?? "null").quoted) here, but \((first[name] ?? "null").quoted) in the first shard.",
                    fields.culprit(name))
            }
            for name in Self.derived { _ = fields.take(name) }
            if fields.peek("relative_error_target") != nil {
                throw Problem.invalid(
                    "A run with “relative_error” cannot be split into shards.", fields.culprit("relative_error_target"))
            }
            for name in ["n", "k", "start", "goal", "method", "confidence", "seed", "shard", "moments", "games_played"]
            where fields.peek(name) == nil {
                throw Problem.invalid("“\(name)” is missing.", fields.culprit(name))
            }
            tilt = try fields.double("tilt")
            let estimate = try fields.double("estimate"), exact = try fields.double("exact")
            let request = try RuinRequest(&fields, relativeErrorTarget: nil, limits: limits)
            let games = try fields.integer("games_played", in: 0...(1 << 53)) ?? 0
            let moments = try RuinMoments(
                Self.moments(&fields), at: pointer + "/moments", games: UInt64(games), of: request)
            try fields.finish()
            shards.append(Body(shard: request.shard, moments: moments, estimate: estimate, exact: exact))
            requests.append(request)
        }
        do {
            moments = try Shard.merge(shards.map { ($0.shard, $0.moments) }, gamblers: requests[0].gamblers ?? 0)
        } catch {
            throw Problem(error)
        }
        request = requests[0].whole
        self.tilt = tilt
    }

    /// Checks that the shards' figures are those of their moments under the plan that their parameters lead to.
    /// A parameter that was changed after the run, in all shards alike, shows here alone.
    func check(against plan: RuinPlan) throws {
        for (index, body) in shards.enumerated() {
            let figures = [
                ("exact", body.exact, plan.exactProbability),
                ("estimate", body.estimate, plan.estimate(body.moments).value),
            ]
            for (name, given, expected) in figures {
                guard let given, given != expected else { continue }
                let value = expected.map(JSONText.number) ?? "null"
                throw Problem.invalid(
                    "“\(name)” is \(JSONText.number(given)), but the shard’s parameters and moments give \(value): "
                        + "one of them was changed.", .pointer("/\(index)/\(name)"))
            }
        }
    }

    private static func moments(_ fields: inout Fields) throws -> JSONNode {
        guard let moments = try fields.json("moments") else {
            throw Problem.invalid("“moments” is missing.", fields.culprit("moments"))
        }
        return moments
    }

    /// The common fields' values as text, without those that are null.
    private static func texts(_ json: JSONNode) -> [String: String] {
        var texts: [String: String] = [:]
        guard let members = json.members else { return texts }
        for (name, value) in members where !value.isNull {
            guard let known = common.first(where: { $0.isIdentical(to: name) }) else { continue }
            texts[known] = String(decoding: JSONWriter.write(JSON(value), .line).dropLast(), as: UTF8.self)
        }
        return texts
    }
}

extension Problem {
    fileprivate init(_ error: ShardError) {
        let path = error.place.map { place in
            switch error.part {
            case .shard: "/\(place)/shard"
            case .moments: "/\(place)/moments"
            case .count: "/\(place)/moments/count"
            }
        }
        self = .invalid(error.reason, .pointer(path ?? ""))
    }
}
