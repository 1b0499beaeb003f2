import RareEvents

/// The bodies of a run's shards, read back.
struct RuinShards {
    /// What all of them ran, as the whole.
    let request: RuinRequest
    /// What they sampled from where stakes are not one.
    let tilt: Double?
    let moments: RuinMoments

    /// The fields that must be the same in all shards.
    private static let common = [
        "tilt", "n", "k", "p", "q", "start", "goal", "method", "outcomes", "relative_error_target",
        "confidence", "seed",
    ]
    /// What follows from the moments, and is not read.
    private static let derived = [
        "estimate", "standard_error", "relative_error", "confidence_interval", "exact", "z_score",
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
        var shards: [(shard: Shard, moments: RuinMoments)] = [], requests: [RuinRequest] = []
        var first: [String: String] = [:], places: [UInt64: Int] = [:], tilt: Double?
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
            let request = try RuinRequest(&fields, relativeErrorTarget: nil, limits: limits)
            let games = try fields.integer("games_played", in: 0...(1 << 53)) ?? 0
            let moments = try RuinMoments(
                Self.moments(&fields), at: pointer + "/moments", games: UInt64(games), of: request)
            try fields.finish()
            let shard = request.shard
            if let other = requests.first?.shard, other.count != shard.count {
                throw Problem.invalid(
                    "This is one of \(shard.count) shards, but the first is one of \(other.count).", fields.culprit("shard"))
            }
            if let place = places.updateValue(index, forKey: shard.index) {
                throw Problem.invalid(
                    "Shard \(shard.index)/\(shard.count) is repeated: element \(place) is the same shard.", fields.culprit("shard"))
            }
            guard let gamblers = request.gamblers, moments.gamblers == UInt64(shard.gamblers(of: gamblers).count) else {
                throw Problem.invalid(
                    "Shard \(shard.index)/\(shard.count) has another number of gamblers.",
                    .pointer(pointer + "/moments/count"))
            }
            shards.append((shard, moments))
            requests.append(request)
        }
        do {
            moments = try Shard.merge(shards, gamblers: requests[0].gamblers ?? 0)
        } catch {
            throw Problem(error, .pointer(""))
        }
        request = requests[0].whole
        self.tilt = tilt
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
