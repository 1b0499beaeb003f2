import RareEvents

extension Declaration {
    /// `GET /ruin`
    static func ruin(_ fields: RuinFields) -> Declaration {
        var declaration = Declaration(
            "/ruin", .rareEvents, "Estimate a gambler's luck",
            [
                Operation(
                    .get, "ruin",
                    "A gambler starts with some money, plays a number of games at most, and stops with nothing or at the "
                        + "goal. How likely is the goal? The answer has the estimate beside the exact value.",
                    query: fields.all)
            ],
            answer: Answer(
                "The estimate.", [.json(.ruinReport), .progress(.ruinProgress, then: .ruinReport)]),
            example: Example("/ruin?n=3000&k=600&seed=1"))
        declaration.needs.settings = ["ruin"]
        return declaration
    }

    /// `POST /ruin/merge`
    static var ruinMerge: Declaration {
        let shards = Schema.list(of: .ruinShard, "The shards' answers, in any order.", ListForm(least: 1))
        var declaration = Declaration(
            "/ruin/merge", .rareEvents, "Merge shards",
            [
                Operation(
                    .post, "mergeRuin",
                    "Restores the answer of a whole run from the answers of its shards, to the byte.",
                    body: [.json(shards)])
            ],
            answer: Answer("The whole run's answer.", [.json(.ruinReport)]),
            example: Example(
                "/ruin/merge", .answers((0...1).map { "/ruin?n=3000&k=600&seed=1&shard=\($0)/2" })))
        declaration.needs.settings = ["ruin"]
        return declaration
    }
}

extension Schema {
    static let ruinReport = named(
        "RuinReport", object("The estimate beside the exact value.", ruinFigures + ruinDetails + ruinUsed))

    /// A report as a merge takes it: what follows from the moments is not read.
    fileprivate static let ruinShard = named(
        "RuinShard",
        object(
            "What GET /ruin answers with shard=index/count.",
            (ruinFigures + ruinDetails + ruinUsed).map { property in
                Property(property.name, property.schema, isRequired: ruinNeeded.contains(property.name))
            }))

    private static let ruinNeeded: Set = [
        "n", "k", "start", "goal", "method", "confidence", "seed", "shard", "moments", "games_played",
    ]

    fileprivate static let ruinProgress = named(
        "RuinProgress",
        object(
            "What the first gamblers say.",
            [
                .always("gamblers", count("How many have played.")),
                .always("of", count("How many will; null where the relative error decides.").orNull),
            ] + ruinFigures + [.always("games_played", count("Games that were simulated."))]))

    private static let ruinFigures: [Property] = [
        .always("estimate", number("The estimated probability of reaching the goal.").orNull),
        .always("standard_error", number("Of the estimate.").orNull),
        .always("relative_error", number("standard_error / estimate; null without a hit.").orNull),
        .always(
            "confidence_interval", pair(of: number().orNull, "Lower and upper end, within 0…1.")),
        .always(
            "exact",
            number("The exact probability, by dynamic programming; null where that would take too long.").orNull),
        .always(
            "z_score",
            number("How many standard errors the estimate lies above the exact value; null where the error is 0.")
                .orNull),
        .always("hits", count("Gamblers who reached the goal.")),
        .always(
            "effective_sample_size", number("Kish's effective sample size over the weights of the hits.").orNull),
    ]

    private static let ruinDetails: [Property] = [
        .always(
            "pareto_k",
            number("Shape of the weights' upper tail; above the threshold the error cannot be trusted.").orNull),
        .always("pareto_k_threshold", number("Above this, pareto_k is a warning.").orNull),
        .always(
            "variance_reduction",
            number("How many times as many gamblers naive simulation would need for this error.").orNull),
        .always("warning", text("What cannot be trusted, in words; null where nothing is wrong.").orNull),
        .always("games_played", count("Games that were simulated.")),
        .always("tilt", number("With other stakes: the exponential tilt that was sampled from.").orNull),
        .always("moments", anyOf([ruinCounts, ruinSums], "What POST /ruin/merge needs, exactly.")),
    ]

    private static let ruinCounts = object(
        "Hits by the event that reached the goal, in columns.",
        [
            .always("count", count("Gamblers.")),
            .always("games", list(of: integer("", from: 1), "How many games the event took.")),
            .always("position", list(of: integer(), "The money at its end.")),
            .always("hits", list(of: integer("", from: 1), "How many gamblers had it.")),
        ])

    private static let ruinSums = object(
        "Sums over the hits, where weights follow from no event.",
        [
            .always("count", count("Gamblers.")),
            .always("hits", count("Gamblers who reached the goal.")),
            .always("sum", wholeNumberText("Of the scaled weights relative to their mean.")),
            .always("squares", wholeNumberText("The same of their squares.")),
        ])

    private static func wholeNumberText(_ sentence: String) -> Schema {
        text(sentence + " A whole number in decimal digits.", TextForm(pattern: "^[+-]?[0-9]+$"))
    }

    private static let ruinUsed: [Property] = [
        .always("n", integer("As used.", from: 1)),
        .always("k", integer("As used.", from: 1)),
        .always("p", number("As used.").orNull),
        .always("q", number("As used; null where nothing else than p is played, or with other stakes.").orNull),
        .always("start", integer("As used.")),
        .always("goal", integer("As used.")),
        .always("method", words(of: RuinPlan.Method.self, "As used.")),
        .always("outcomes", text("As requested.").orNull),
        .always("relative_error_target", number("As requested.").orNull),
        .always("confidence", number("As used.")),
        .always("seed", usedSeed),
        .always("shard", text("As used.", TextForm(pattern: "^[0-9]+/[0-9]+$"))),
        .always("reproduce", reproducingURL),
    ]
}
