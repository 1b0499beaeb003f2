import GradientEstimation

extension Declaration {
    /// `POST /elbo-gradient`
    static func evidence(_ fields: EvidenceFields) -> Declaration {
        let example = JSON.object([
            ("log_h", .string("-z1^2/2-z2^2")), ("mean", .numbers([1, 0])), ("log_std", .numbers([0, 0])),
            ("samples", .integer(1000)), ("seed", .integer(1)),
        ])
        var declaration = Declaration(
            "/elbo-gradient", .gradients, "Gradient of an evidence lower bound",
            [
                Operation(
                    .post, "elboGradient",
                    "Estimates the gradient of E[log h(z) − log q(z)] for a normal q with independent coordinates, by "
                        + "several estimators.",
                    body: [
                        .json(
                            .object("The evidence lower bound whose gradient is wanted.", fields.all), example: example)
                    ])
            ],
            answer: Answer("The bound and its gradient.", [.json(.evidenceReport)]),
            example: Example("/elbo-gradient", .json(#"{"log_h": "-z1^2/2", "mean": [1], "log_std": [0]}"#)))
        declaration.needs.settings = ["gradients"]
        return declaration
    }
}

extension Schema {
    fileprivate static let evidenceReport = named(
        "EvidenceReport",
        object(
            "The bound and its gradient.",
            [
                .always("elbo", number("The estimate of the bound.").orNull.measured(in: "nats")),
                .always("standard_error", number("The standard error of that estimate.").orNull),
                .always("exact", exact.orNull.saying("By quadrature, up to two coordinates; else null.")),
                .sometimes("exact_unavailable", text("Why there is no exact value.")),
                .always("estimators", list(of: estimate, "In the order asked for.")),
                .always("samples", integer("As used.", from: 1)),
                .always("seed", usedSeed),
                .always("reproduce", reproducingSeed),
            ]))

    private static let pair: [Property] = [
        .always("mean", column("For each mean.")),
        .always("log_std", column("For each log standard deviation.")),
    ]

    private static let exact = object(
        "The bound and its gradient by quadrature.",
        [.always("elbo", number("The bound.").orNull.measured(in: "nats"))] + pair)

    private static let estimate = object(
        "One estimator.",
        [
            .always("estimator", words(of: EvidenceEstimatorKind.self, "Its name.")),
            .always("gradient", object("The estimate.", pair)),
            .always("standard_error", object("Of each number of the gradient.", pair)),
            .always("variance", object("Of a single draw.", pair)),
            .sometimes(
                "score_mean", object("With log_derivative: the mean of the term whose expectation is 0.", pair)),
            .sometimes("score_standard_error", object("Its standard error.", pair)),
        ])
}
