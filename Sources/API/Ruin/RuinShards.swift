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

    init(_ json: JSON, limits: RuinLimits) throws {
        guard let bodies = json.elements else {
            throw Problem.invalid("An array of the shards' bodies is expected, not \(json.kind).", .pointer(""))
        }
        guard !bodies.isEmpty else { throw Problem.invalid("There are no shards to merge.", .pointer("")) }
        var shards: [(shard: Shard, moments: RuinMoments)] = [], requests: [RuinRequest] = []
        var first: [String: String] = [:], places: [UInt64: Int] = [:], tilt: Double?
        for (index, body) in bodies.enumerated() {
            let pointer = "/\(index)"
            var fields = try Fields(Self.withoutNulls(body), at: pointer)
            let texts = Self.texts(body)
            if index == 0 { first = texts }
            if let name = Self.common.first(where: { texts[$0] != first[$0] }) {
                throw Problem.invalid(
                    "“\(name)” is \(texts[name] ?? "null") here and \(first[name] ?? "null") in the first shard.",
                    fields.culprit(name))
            }
            for name in Self.derived { _ = fields.take(name) }
            if fields.peek("relative_error_target") != nil {
                throw Problem.invalid(
                    "A run until a relative error has no shards.", fields.culprit("relative_error_target"))
            }
            for name in ["n", "k", "start", "goal", "method", "confidence", "seed", "shard", "moments", "games_played"]
            where fields.peek(name) == nil {
                throw Problem.invalid("“\(name)” is missing.", fields.culprit(name))
            }
            tilt = try fields.double("tilt")
            let request = try RuinRequest(&fields, relativeErrorTarget: nil, limits: limits)
            let games = try fields.integer("games_played", in: 0...(1 << 53)) ?? 0
            let moments = try RuinMoments(
                fields.json("moments") ?? .null, at: pointer + "/moments", games: UInt64(games), of: request)
            try fields.finish()
            let shard = request.shard
            if let other = requests.first?.shard, other.count != shard.count {
                throw Problem.invalid(
                    "One of \(shard.count) shards here, one of \(other.count) in front.", fields.culprit("shard"))
            }
            if let place = places.updateValue(index, forKey: shard.index) {
                throw Problem.invalid(
                    "Shard \(shard.index)/\(shard.count) stands at \(place) already.", fields.culprit("shard"))
            }
            guard let gamblers = request.gamblers, moments.gamblers == UInt64(shard.gamblers(of: gamblers).count) else {
                throw Problem.invalid(
                    "Shard \(shard.index)/\(shard.count) has other gamblers than these.",
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

    /// Null says in a reply what an absent parameter says in a request.
    private static func withoutNulls(_ json: JSON) -> JSON {
        guard case .object(let fields) = json else { return json }
        return .object(fields.filter { if case .null = $0.value { false } else { true } })
    }

    private static func texts(_ json: JSON) -> [String: String] {
        guard case .object(let fields) = json else { return [:] }
        let known = fields.filter { common.contains($0.name) }.map {
            ($0.name, String(decoding: JSONWriter.write($0.value, .line).dropLast(), as: UTF8.self))
        }
        return Dictionary(known) { first, _ in first }.filter { $0.value != "null" }
    }
}
