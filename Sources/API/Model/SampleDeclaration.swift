/// The parameters of `/sample`.
enum SampleFields {
    static let n: Field<Int> = .integer("n", in: 1...1000, default: 1, example: 16, "How many images are drawn.")
    static let seed = Field.seed()
    static let temperature: Field<Double> = .number(
        "temperature", in: Between(0, 100), default: 1,
        "Below 1 the draws stay closer to the typical image; above 1 they stray.")

    static func all(_ facts: ModelFacts) -> [Property] {
        [n.property, seed.property, temperature.property, facts.field, PictureFields.scaleProperty]
    }
}

extension Declaration {
    /// `GET /sample`
    static func sample(_ facts: ModelFacts) -> Declaration {
        let report = Schema.object(
            "Images drawn from the model.",
            [
                .always(
                    "images", .list(of: .pixels(facts.shape, "Rows of grey levels."), "The draws, clamped to 0…1.")),
                .always("log_likelihood", .numbers("Of each draw.").measured(in: "nats")),
                .always("n", .integer("As used.", from: 1)), .always("seed", .usedSeed),
                .always("temperature", .number("As used.")), .always("reproduce", .reproducingURL),
                .sometimes("model", .modelIdentity.saying("The model that was used, where the request names it.")),
            ])
        return ofModel(
            "/sample", "Draw images",
            Operation(.get, "sample", "Draws images from the model.", query: SampleFields.all(facts)),
            answer: Answer("The draws, as numbers or in a grid.", [.json(report), .png]),
            example: Example("/sample?n=1&seed=3", accept: .png, output: "digit.png"), isBrief: false)
    }
}
