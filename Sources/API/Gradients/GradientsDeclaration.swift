import GradientEstimation

extension Declaration {
    /// `GET` and `POST /gradients`
    static func gradients(_ fields: GradientFields) -> Declaration {
        let body = Content.json(
            .object("What to minimize, and how.", fields.all),
            example: .object([("iterations", .integer(1000)), ("seed", .integer(1))]))
        var declaration = Declaration(
            "/gradients", .gradients, "Compare gradient estimators",
            [
                Operation(
                    .get, "gradients",
                    "Minimizes J(μ, σ) = E[f(x)] + r(μ, σ), x normal with mean μ and standard deviation σ, by stochastic "
                        + "gradient descent, once for each estimator and from the same draws.", query: fields.all),
                Operation(
                    .post, "gradientsPost", "The same as GET with the parameters as fields of a JSON object.",
                    body: [body]),
            ],
            answer: Answer(
                "The paths and the variances.",
                [
                    .json(.gradientReport),
                    .csv(
                        "A line for each point: estimator,iteration,mu,sigma,gradient_variance_mu,gradient_variance_tau."
                    ),
                    .svg, .progress(.gradientProgress, then: .gradientReport),
                ]),
            example: Example("/gradients?seed=1", accept: .svg, output: "descent.svg"))
        declaration.needs.settings = ["gradients"]
        return declaration
    }
}

extension Schema {
    fileprivate static let gradientReport = named(
        "GradientReport",
        object(
            "The optimum, and how each estimator approached it.",
            [
                .always("optimum", optimum),
                .always("estimators", list(of: descent, "In the order asked for.")),
                .always("seed", usedSeed),
                .always("reproduce", anyOf([reproducingURL, reproducingSeed], "What repeats this answer.")),
            ]))

    private static let optimum = object(
        "The optimum by quadrature; null values where there is none.",
        [
            .always("mu", number("The mean there.").orNull), .always("sigma", number("The standard deviation.").orNull),
            .always("value", number("The objective.").orNull), .sometimes("reason", text("Why there is none.")),
        ])

    private static let descent = object(
        "One descent.",
        [
            .always("estimator", words(of: EstimatorKind.self, "Its name.")),
            .always(
                "final",
                object(
                    "Where it ended.",
                    [
                        .always("mu", number("The mean.").orNull),
                        .always("sigma", number("The standard deviation.").orNull),
                    ])),
            .always("at_start", diagnosis.orNull.saying("The gradient at the start.")),
            .always("at_optimum", diagnosis.orNull.saying("The gradient at the optimum; null where there is none.")),
            .always("trace", path),
        ])

    private static let diagnosis = named(
        "GradientDiagnosis",
        object(
            "The gradient in mu and in tau = log sigma.",
            [.always("mu", component), .always("tau", component)]))

    private static let component = named(
        "GradientComponent",
        object(
            "One component of the gradient.",
            [
                .always("true_gradient", number("By quadrature.").orNull),
                .always("mean", number("Of the draws.").orNull),
                .always("bias_z", number("How many standard errors the mean lies above the true gradient.").orNull),
                .always("variance", number("Of a single draw, over 100,000 draws.").orNull),
                .always("variance_ratio", number("Relative to the best of the estimators asked for.").orNull),
            ]))

    private static let path = object(
        "The path, in columns.",
        [
            .always("iteration", list(of: integer("", from: 0), "Point 0 is the start.")),
            .always("mu", column("The means.")), .always("sigma", column("The standard deviations.")),
            .always(
                "gradient_variance",
                object(
                    "Variance of a single draw in each batch.",
                    [.always("mu", column("In mu.")), .always("tau", column("In tau = log sigma."))])),
        ])

    fileprivate static let gradientProgress = named(
        "GradientProgress",
        object(
            "Where the descents are.",
            [
                .always("iteration", count("Steps that were made.")),
                .always(
                    "estimators",
                    list(
                        of: object(
                            "One descent.",
                            [
                                .always("estimator", words(of: EstimatorKind.self, "Its name.")),
                                .always("mu", number("The mean.").orNull),
                                .always("sigma", number("The standard deviation.").orNull),
                            ]), "In the order asked for.")),
            ]))
}
