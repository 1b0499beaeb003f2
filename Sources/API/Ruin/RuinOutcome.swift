import RareEvents
import Statistics

/// A report and what was asked for, as the reply's body.
struct RuinOutcome: Sendable {
    let request: RuinRequest
    let plan: RuinPlan
    let report: RuinReport

    /// Gamblers of the whole run, of which this may be one shard.
    var gamblers: UInt64 { request.gamblers ?? report.moments.gamblers }

    private var q: Double? { plan.method == .importance ? plan.tilt.winProbability : nil }

    var json: JSON {
        .object(Self.figures(report) + [
            ("pareto_k", .optional(report.paretoK?.value)),
            ("pareto_k_threshold", .optional(report.paretoK?.threshold)),
            ("variance_reduction", .optional(report.varianceReduction)),
            ("warning", report.warnings.isEmpty
                ? .null : .string(report.warnings.map(\.message).joined(separator: "; "))),
            ("games_played", .integer(Int(report.gamesPlayed))),
            ("tilt", tilt),
            ("moments", report.moments.json),
            ("n", .integer(Int(gamblers))),
            ("k", .integer(Int(plan.ruin.maximumGames))),
            ("p", .optional(plan.ruin.winProbability)),
            ("q", .optional(q)),
            ("start", .integer(Int(plan.ruin.start))),
            ("goal", .integer(Int(plan.ruin.goal))),
            ("method", .string(plan.method.rawValue)),
            ("outcomes", request.outcomes.map { .string($0) } ?? .null),
            ("relative_error_target", .optional(request.relativeErrorTarget)),
            ("confidence", .number(plan.confidence)),
            ("seed", .integer(Int(plan.seed))),
            ("shard", .string("\(request.shard.index)/\(request.shard.count)")),
            ("reproduce", .string(reproduce)),
        ])
    }

    /// What stakes other than one play instead of q.
    private var tilt: JSON {
        plan.method == .importance && q == nil ? .number(plan.tilt.parameter) : .null
    }

    /// The URL of this very reply, in the order of the API's document.
    private var reproduce: String {
        let ruin = plan.ruin
        var parameters = request.relativeErrorTarget == nil ? ["n=\(gamblers)"] : []
        parameters.append("k=\(ruin.maximumGames)")
        if let p = ruin.winProbability { parameters.append("p=\(p)") }
        if let q { parameters.append("q=\(q)") }
        parameters += ["start=\(ruin.start)", "goal=\(ruin.goal)", "method=\(plan.method.rawValue)"]
        if let outcomes = request.outcomes { parameters.append("outcomes=\(Self.encoded(outcomes))") }
        if let target = request.relativeErrorTarget { parameters.append("relative_error=\(target)") }
        parameters += [
            "confidence=\(plan.confidence)", "seed=\(plan.seed)",
            "shard=\(request.shard.index)/\(request.shard.count)",
        ]
        return "/ruin?" + parameters.joined(separator: "&")
    }

    /// A plus would read as a space; nothing else that outcomes are written with is special.
    private static func encoded(_ outcomes: String) -> String {
        outcomes.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
    }

    /// What is known after the first gamblers of a run, for a line of a stream.
    static func progress(_ report: RuinReport, of gamblers: UInt64?) -> JSON {
        .object([
            ("gamblers", .integer(Int(report.moments.gamblers))),
            ("of", gamblers.map { .integer(Int($0)) } ?? .null),
        ] + figures(report) + [("games_played", .integer(Int(report.gamesPlayed)))])
    }

    private static func figures(_ report: RuinReport) -> [(name: String, value: JSON)] {
        let interval = report.confidenceInterval
        return [
            ("estimate", .optional(report.estimate.value)),
            ("standard_error", .optional(report.estimate.standardError)),
            ("relative_error", .optional(report.relativeError)),
            ("confidence_interval", .array([.optional(interval.lower), .optional(interval.upper)])),
            ("exact", .optional(report.exact)),
            ("z_score", .optional(report.zScore)),
            ("hits", .integer(Int(report.hits))),
            ("effective_sample_size", .optional(report.effectiveSampleSize)),
        ]
    }
}
