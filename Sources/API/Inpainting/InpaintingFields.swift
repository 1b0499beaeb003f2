import NormalizingFlows

/// The fields that say how to fill, in a JSON object or a query.
enum InpaintingFields {
    static let method: Field<InpaintingRequest.Method> = Field(
        .field(
            "method",
            .words(
                of: InpaintingRequest.Method.self,
                "How missing pixels are moved: by projected gradient ascent, or by the NICE paper's noisy gradient steps; "
                    + "posterior draws them from their distribution given the known ones. A model of missing pixels given "
                    + "the known ones only draws."
            ),
            default: .string(InpaintingRequest.Method.projectedGradient.rawValue))
    ) { fields in
        guard let name = try fields.string("method") else { return .projectedGradient }
        return try Fields.choice(name, "“method” must be one of", fields.culprit("method"))
    }
    /// What single precision holds.
    private static let step = Between(1e-37, 1e37)
    static let stepSize: Field<InpaintingRequest.StepSize> = Field(
        .field(
            "step_size",
            .anyOf(
                [.words(["auto", "adam", "paper"]), .number("", step.bounds)],
                "The step α of x ← Π(x + α ∇ log p(x)), or adam for projected Adam, which finds a maximum, or auto: from the "
                    + "conditional mean Adam in which no pixel moves further than the standard deviation that the known "
                    + "pixels leave it, which makes better pictures; else adam. With noisy_gradient auto is 10/(100 + i) scaled "
                    + "to the model's curvature in each pixel, and paper the NICE paper's 10/(100 + i) as it is, with "
                    + "which steep models diverge."),
            default: .string("auto"))
    ) { fields in
        for (word, value) in [("auto", InpaintingRequest.StepSize.auto), ("adam", .adam), ("paper", .paper)]
        where fields.isWord("step_size", word) {
            _ = fields.take("step_size")
            return value
        }
        if case .json(let json)? = fields.peek("step_size"), json.stringLength > 0 {
            let text = try fields.string("step_size") ?? ""
            throw Problem.invalid(
                "“step_size” must be \"auto\", \"adam\", \"paper\" or a number, not \(text.quoted).",
                fields.culprit("step_size"))
        }
        return try fields.double("step_size", in: step).map { .constant($0) } ?? .auto
    }
    static let iterations: Field<Int> = .integer(
        "iterations", in: 1...10_000, default: 300, example: 150,
        "The most gradient evaluations. A conditional model makes none.")
    static let tolerance: Field<Double> = .number(
        "tolerance", in: NonNegative(), default: 0,
        "Stop early when the projected gradient step is shorter than this; 0 runs all iterations.")
    static let initial: Field<InpaintingRequest.Initial?> = Field(
        .field(
            "initial",
            .anyOf(
                [.words(words.map(\.0)), .number("", grey.bounds)],
                "What missing pixels start from: their mean given the known ones, under the normal distribution with the "
                    + "training images' mean and covariance; that mean; the values given; random noise; a draw of "
                    + "a conditional model that is loaded; or one grey level. Models of more than \(ImageGaussian.mostPixels) pixels have no conditional_mean, and start "
                    + "from the mean."), default: .string("conditional_mean")), reader: readInitial)
    static let samples: Field<Int> = .integer(
        "samples", in: 1...64, default: 16, example: 8,
        "Of posterior the chains, each of which gives a draw; of a conditional model, which needs no chains, the draws "
            + "themselves, of which it makes \(InpaintingRequest.conditionalSamples) where nothing is said.")
    static let seed = Field.seed()
    static let traceEvery: Field<Int> = .integer(
        "trace_every", in: 0...10_000, default: 0, example: 5,
        "Report the log-likelihood every so many iterations, or draws of a conditional model; 0 reports none.")

    /// In the order of the contract.
    static let options = [
        method.property, stepSize.property, iterations.property, tolerance.property, initial.property, samples.property,
        seed.property,
        traceEvery.property,
    ]

    /// Refuses options that no field could have, even where a body's own take their place.
    static func check(_ query: Fields) throws {
        var query = query
        _ = try query.read(method)
        _ = try query.read(stepSize)
        _ = try query.read(iterations)
        _ = try query.read(tolerance)
        _ = try query.read(initial)
        _ = try query.read(seed)
        _ = try query.read(traceEvery)
    }

    private static let grey = Between(0, 1)
    private static let words: [(String, InpaintingRequest.Initial)] = [
        ("conditional_mean", .conditionalMean), ("mean", .mean), ("given", .given), ("noise", .noise),
        ("draw", .draw),
    ]

    @Sendable private static func readInitial(_ fields: inout Fields) throws -> InpaintingRequest.Initial? {
        let name: String
        switch fields.peek("initial") {
        case .text(let text) where NumberText.double(text) == nil: name = text
        case .json(let json) where json.stringLength > 0: name = try fields.string("initial") ?? ""
        default: return try fields.double("initial", in: grey).map { .value($0) }
        }
        _ = fields.take("initial")
        if let word = words.first(where: { $0.0.isIdentical(to: name) }) { return word.1 }
        throw Problem.invalid(
            "“initial” must be conditional_mean, mean, given, noise, draw or a number between 0 and 1, not \(name.quoted).",
            fields.culprit("initial"))
    }
}
