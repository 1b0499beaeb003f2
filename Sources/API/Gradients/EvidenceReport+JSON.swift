import GradientEstimation

extension EvidenceReport {
    func json(of specification: EvidenceSpecification) -> JSON {
        .object([
            ("elbo", .optional(evidence)),
            ("standard_error", .optional(standardError)),
            ("exact", exact?.json ?? .null),
        ] + (exactUnavailable.map { [("exact_unavailable", .string($0))] } ?? []) + [
            ("estimators", .array(estimators.map(\.json))),
            ("samples", .integer(specification.samples)),
            ("seed", .integer(Int(specification.seed))),
            ("reproduce", .object([("seed", .integer(Int(specification.seed)))])),
        ])
    }
}

extension ExactEvidence {
    fileprivate var json: JSON {
        .object([("elbo", .optional(evidence))] + gradient.fields)
    }
}

extension EvidenceEstimate {
    fileprivate var json: JSON {
        var fields: [(name: String, value: JSON)] = [
            ("estimator", .string(estimator.rawValue)),
            ("gradient", .object(gradient.fields)),
            ("standard_error", .object(standardError.fields)),
            ("variance", .object(variance.fields)),
        ]
        if let scoreMean { fields.append(("score_mean", .object(scoreMean.fields))) }
        if let error = scoreStandardError {
            fields.append(("score_standard_error", .object(error.fields)))
        }
        return .object(fields)
    }
}

extension VariationalPair<Double> {
    fileprivate var fields: [(name: String, value: JSON)] {
        VariationalPair<Double?>(mean: mean, logStd: logStd).fields
    }
}

extension VariationalPair<Double?> {
    fileprivate var fields: [(name: String, value: JSON)] {
        [
            ("mean", .array(mean.map { .optional($0) })),
            ("log_std", .array(logStd.map { .optional($0) })),
        ]
    }
}
