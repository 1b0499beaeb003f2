import Compute
import GradientEstimation

extension GradientReport {
    func json(of specification: GradientSpecification, reproduce: JSON) -> JSON {
        .object([
            ("optimum", optimumJSON),
            ("estimators", .array(estimators.map { estimator in
                .object([
                    ("estimator", .string(estimator.estimator.rawValue)),
                    ("final", estimator.final.json),
                    ("at_start", diagnosis(of: estimator, \.atStart)),
                    ("at_optimum", diagnosis(of: estimator, \.atOptimum)),
                    ("trace", estimator.trace.json),
                ])
            })),
            ("seed", .integer(Int(specification.seed))),
            ("reproduce", reproduce),
        ])
    }

    private var optimumJSON: JSON {
        switch optimum {
        case .found(let parameters, let value):
            .object([
                ("mu", .optional(parameters.mu)), ("sigma", .optional(parameters.sigma)),
                ("value", .optional(value)),
            ])
        case .none(let reason):
            .object([("mu", .null), ("sigma", .null), ("value", .null), ("reason", .string(reason))])
        }
    }

    private func diagnosis(
        of estimator: EstimatorReport, _ place: (EstimatorReport) -> EstimatorDiagnosis?
    ) -> JSON {
        guard let diagnosis = place(estimator) else { return .null }
        let all = estimators.compactMap(place)
        return .object([
            ("mu", diagnosis.mu.json(smallest: all.map(\.mu.variance).min())),
            ("tau", diagnosis.tau.json(smallest: all.map(\.tau.variance).min())),
        ])
    }
}

extension ComponentDiagnosis {
    /// - Parameter smallest: the variance of the request's best estimator of this component
    fileprivate func json(smallest: Double?) -> JSON {
        let ratio = smallest.flatMap { $0 > 0 ? variance / $0 : nil }
        return .object([
            ("true_gradient", .optional(trueGradient)), ("mean", .optional(mean)),
            ("bias_z", .optional(biasZ)), ("variance", .optional(variance)),
            ("variance_ratio", .optional(ratio)),
        ])
    }
}

extension GaussianParameters {
    fileprivate var json: JSON {
        .object([("mu", .optional(mu)), ("sigma", .optional(sigma))])
    }
}

extension GradientTrace {
    fileprivate var json: JSON {
        .object([
            ("iteration", .generated(iterations.count, areNested: false) { [iterations] in .integer(iterations[$0]) }),
            ("mu", .numbers(mu)),
            ("sigma", .numbers(sigma)),
            ("gradient_variance", .object([
                ("mu", .optionals(gradientVariance.mu)),
                ("tau", .optionals(gradientVariance.tau)),
            ])),
        ])
    }
}

extension GradientProgress {
    /// What a stream says while the descents go on, and an error past the deadline.
    func json(of specification: GradientSpecification) -> JSON {
        .object([
            ("iteration", .integer(iteration)),
            ("estimators", .array(zip(specification.estimators, parameters).map { kind, parameters in
                .object([
                    ("estimator", .string(kind.rawValue)), ("mu", .optional(parameters.mu)),
                    ("sigma", .optional(parameters.sigma)),
                ])
            })),
        ])
    }
}
