import RareEvents
import Statistics

/// A report and what was asked for, as the reply's body.
struct ProbabilityOutcome: Sendable {
    let request: ProbabilityRequest
    let report: LimitStateReport
    let reproduce: JSON

    var json: JSON {
        let specification = request.specification
        var relativeError: Double?, n: UInt64?
        switch specification.extent {
        case .relativeError(let target): relativeError = target
        case .draws(let count): n = count
        }
        return .object(
            Self.figures(report) + [
                ("effective_sample_size", .optional(report.effectiveSampleSize)),
                ("pareto_k", .optional(report.paretoK?.value)),
                ("pareto_k_threshold", .optional(report.paretoK?.threshold)),
                ("variance_reduction", .optional(report.varianceReduction)),
                ("method", .string(report.method.rawValue)),
                ("reason", report.reason.map { .string($0) } ?? .null),
                ("design_points", .array(report.designPoints.map(\.json))),
                ("form_probability", .optional(report.formProbability)),
                (
                    "warning",
                    report.warnings.isEmpty
                        ? .null : .string(report.warnings.map(\.message).joined(separator: "; "))
                ),
                ("g", .string(request.g.source)),
                ("threshold", .number(request.threshold)),
                ("event", .string(request.event.rawValue)),
                ("variables", .array(request.variables.names.map { .string($0) })),
                ("method_asked", .string(specification.method.rawValue)),
                ("relative_error_target", .optional(relativeError)),
                ("n", n.map { .integer(Int(clamping: $0)) } ?? .null),
                ("max_evaluations", .integer(Int(clamping: specification.maximumEvaluations))),
                ("confidence", .number(specification.confidence)),
                ("seed", .integer(Int(clamping: specification.seed))),
            ] + part + [("reproduce", reproduce)])
    }

    /// What `POST /probability/merge` needs besides; nothing for a run that is not split.
    private var part: [(name: String, value: JSON)] {
        guard let shard = request.shard else { return [] }
        return [
            ("distributions", .object(request.variables.parameters.map { ($0.name, .string($0.value)) })),
            ("correlation", request.correlation.map { .array($0.map { .numbers($0) }) } ?? .null),
            ("shard", .string("\(shard.index)/\(shard.count)")),
            ("moments", report.moments?.json ?? .null),
        ]
    }

    private static func figures(_ report: LimitStateReport) -> [(name: String, value: JSON)] {
        let interval = report.confidenceInterval
        return [
            ("estimate", .optional(report.estimate.value)),
            ("standard_error", .optional(report.estimate.standardError)),
            ("relative_error", .optional(report.relativeError)),
            ("confidence_interval", .array([.optional(interval?.lower), .optional(interval?.upper)])),
            ("exact", .optional(report.exact)),
            ("z_score", .optional(report.zScore)),
            ("hits", .integer(Int(clamping: report.hits))),
            ("draws", .integer(Int(clamping: report.draws))),
            ("evaluations", .integer(Int(clamping: report.evaluations))),
            ("gradient_evaluations", .integer(Int(clamping: report.gradientEvaluations))),
        ]
    }

    /// What is known at a count of the work, for a line of a stream, and what had been reached when the work ended early.
    static func progress(_ progress: LimitStateProgress, of request: ProbabilityRequest) -> JSON {
        .object([
            ("stage", .string(progress.stage.rawValue)),
            ("evaluations", .integer(Int(clamping: progress.evaluations))),
            ("of", .integer(Int(clamping: request.specification.maximumEvaluations))),
            ("estimate", .optional(progress.estimate?.value)),
            ("standard_error", .optional(progress.estimate?.standardError)),
        ])
    }
}

extension DesignPoint {
    fileprivate var json: JSON {
        .object([
            ("u", .optionals(u)), ("x", .optionals(x)), ("reliability_index", .optional(reliabilityIndex)),
            ("importance_factors", .optionals(importanceFactors)),
        ])
    }
}

extension LimitStateReport {
    /// A line for each draw that the report keeps. Every column has a name of its own: a variable that is called as
    /// another column is becomes `variable_g`.
    func csv(of variables: [String]) -> CSVWriter {
        CSVWriter(CSVNames.variables(variables, beside: Self.columns) + Self.columns, rows: sample.count) {
            [sample] index, row in
            let draw = sample[index]
            for x in draw.x { row.append(x) }
            row.append(draw.value)
            row.append(draw.weight)
            row.append(draw.isHit ? 1 : 0)
        }
    }

    private static let columns = ["g", "weight", "hit"]
}
