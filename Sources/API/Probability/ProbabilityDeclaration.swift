import RareEvents

extension Declaration {
    /// `GET` and `POST /probability`
    static func probability(_ fields: ProbabilityFields) -> Declaration {
        let body = Content.json(
            .object("The event, the random inputs, and how to estimate.", fields.all),
            example: .object([
                ("g", .string("3-x1*x2")),
                ("variables", .object([("x1", .string("normal:0:1")), ("x2", .string("normal:0:1"))])),
                ("seed", .integer(1)),
            ]))
        var declaration = Declaration(
            "/probability", .rareEvents, "How likely a formula falls below a threshold",
            [
                Operation(
                    .get, "probability",
                    "The probability that a limit state function g of random inputs is at most a threshold: structural "
                        + "reliability's problem. Each variable is a parameter of its own.", query: fields.query),
                Operation(
                    .post, "probabilityPost",
                    "The same as GET with the parameters as fields of a JSON object and the variables in one of them.",
                    body: [body]),
            ],
            answer: Answer(
                "The estimate.",
                [
                    .json(.probabilityReport),
                    .csv("A line for each of the first draws of the last stage: the variables, g, weight, hit."),
                    .svg, .progress(.probabilityProgress, then: .probabilityReport),
                ]),
            example: Example(
                "/probability",
                .json(#"{"g": "3-x1*x2", "variables": {"x1": "normal:0:1", "x2": "normal:0:1"}, "seed": 1}"#)))
        declaration.needs.settings = ["probability"]
        return declaration
    }

    /// `POST /probability/merge`
    static var probabilityMerge: Declaration {
        let shards = Schema.list(of: .probabilityShard, "The shards' answers, in any order.", ListForm(least: 1))
        var declaration = Declaration(
            "/probability/merge", .rareEvents, "Merge shards of a limit state's run",
            [
                Operation(
                    .post, "mergeProbability",
                    "Restores the answer of a whole run from the answers of its shards, to the byte.",
                    body: [.json(shards)])
            ],
            answer: Answer("The whole run's answer.", [.json(.probabilityReport)]),
            example: Example(
                "/probability/merge",
                .answers(
                    (0...1).map {
                        "/probability?g=3-x1*x2&x1=normal:0:1&x2=normal:0:1&n=2000&seed=1&shard=\($0)/2"
                    })))
        declaration.command = "merge-probability"
        declaration.needs.settings = ["probability"]
        return declaration
    }
}

extension Schema {
    fileprivate static let probabilityReport = named(
        "ProbabilityReport",
        object("The estimate, and what it rests on.", figures + details + used + part + repeated))

    /// A report as a merge takes it: what follows from the moments and the parameters is not read.
    fileprivate static let probabilityShard = named(
        "ProbabilityShard",
        object(
            "What /probability answers with shard=index/count.",
            (figures + details + used + part + repeated).map { property in
                Property(
                    property.name, property.schema, isRequired: ProbabilityShards.needed.contains(property.name))
            }))

    /// Of a run in shards.
    private static let part: [Property] = [
        Property(
            "distributions",
            object(
                "With shard: each variable, or range of them, with its distribution.", [],
                ObjectForm(leastMembers: 1, others: .init(named: ProbabilityFields.names, .distributionText))),
            isRequired: false),
        Property(
            "correlation",
            list(of: list(of: number(), ""), "With shard: as requested, in rows; null where inputs are independent.")
                .orNull,
            isRequired: false),
        Property(
            "shard", text("With shard: as used.", TextForm(pattern: "^[0-9]+/[0-9]+$")), isRequired: false),
        Property("moments", limitStateMoments, isRequired: false),
    ]

    private static let repeated: [Property] = [
        .always("reproduce", anyOf([reproducingURL, reproducingSeed], "What repeats this answer."))
    ]

    fileprivate static let probabilityProgress = named(
        "ProbabilityProgress",
        object(
            "What is known so far.",
            [
                .always("stage", words(of: LimitStateProgress.Stage.self, "What was done.")),
                .always("evaluations", count("Evaluations of g so far.")),
                .always("of", count("The most that there may be.")),
                .always("estimate", number("The probability, as far as it is known; null before.").orNull),
                .always("standard_error", number("Of the estimate; null where it is not known.").orNull),
            ]))

    private static let figures: [Property] = [
        .always("estimate", number("The estimated probability of the event.").orNull),
        .always("standard_error", number("Of the estimate; null for form, and where all draws were alike.").orNull),
        .always("relative_error", number("standard_error / estimate; null without a hit.").orNull),
        .always(
            "confidence_interval", pair(of: number().orNull, "Lower and upper end, within 0…1; null for form.")),
        .always(
            "exact",
            number("The probability by quadrature, for at most two variables; null where it does not settle.").orNull),
        .always(
            "z_score",
            number("How many standard errors the estimate lies above the exact value; null where one is missing.")
                .orNull),
        .always("hits", count("Draws of the estimate in the event.")),
        .always("draws", count("Draws that the estimate is made of; directions for directional.")),
        .always("evaluations", count("Evaluations of g, exploration included.")),
        .always("gradient_evaluations", count("Of those, with the gradient.")),
    ]

    private static let details: [Property] = [
        .always(
            "effective_sample_size", number("Kish's effective sample size over the weights of the hits.").orNull),
        .always(
            "pareto_k",
            number("Shape of the weights' upper tail; above the threshold the error cannot be trusted.").orNull),
        .always("pareto_k_threshold", number("Above this, pareto_k is a warning.").orNull),
        .always(
            "variance_reduction",
            number("How many times as many evaluations naive sampling would need for this error.").orNull),
        .always("method", words(of: LimitStateSpecification.Method.self, "The method that made the estimate.")),
        .always("reason", text("Why auto took it; null where it was asked for.").orNull),
        .always(
            "design_points", list(of: designPoint, "The most likely ways to reach the event, the likeliest first.")),
        .always(
            "form_probability",
            number("The first-order approximation from the design points; null without any.").orNull),
        .always("warning", text("What cannot be trusted, in words; null where nothing is wrong.").orNull),
    ]

    private static let designPoint = named(
        "DesignPoint",
        object(
            "A point of the limit state nearest to the origin of standard normal space.",
            [
                .always("u", column("In standard normal space.")),
                .always("x", column("The variables there, in their order.")),
                .always(
                    "reliability_index",
                    number("Its distance from the origin, below 0 where that is in the event.").orNull),
                .always(
                    "importance_factors",
                    column("Each standard normal variable's share of the variance; they add up to 1.")),
            ]))

    private static let used: [Property] = [
        .always("g", text("As requested.")),
        .always("threshold", number("As used.")),
        .always("event", words(of: LimitStateProblem.Event.self, "As used.")),
        .always("variables", list(of: text(""), "Their names, in the order of u and x.")),
        .always("method_asked", words(of: LimitStateSpecification.Method.self, "As requested.")),
        .always("relative_error_target", number("As used; null with n.").orNull),
        .always("n", count("As requested.").orNull),
        .always("max_evaluations", count("As used.")),
        .always("confidence", number("As used.")),
        .always("seed", usedSeed),
    ]
}
