/// The fields that say how to fill, in a JSON object or a query.
enum InpaintingFields {
    static let method: Field<InpaintingRequest.Method> = Field(
        .field(
            "method",
            .words(
                of: InpaintingRequest.Method.self,
                "How missing pixels are moved: by projected gradient ascent, or by the NICE paper's noisy gradient steps."
            ),
            default: .string(InpaintingRequest.Method.projectedGradient.rawValue))
    ) { fields in
        guard let name = try fields.string("method") else { return .projectedGradient }
        if name.isIdentical(to: "posterior") {
            throw Problem(
                .notImplemented, "The method “posterior” is not available yet.", culprit: fields.culprit("method"))
        }
        return try Fields.choice(name, "“method” must be one of", fields.culprit("method"))
    }
    /// What single precision holds.
    static let stepSize: Field<Double?> = .automatic(
        "step_size", in: Between(1e-37, 1e37), "The step α of x ← Π(x + α ∇ log p(x)), or auto for an adaptive one.")
    static let iterations: Field<Int> = .integer(
        "iterations", in: 1...10_000, default: 300, example: 150, "The most gradient evaluations.")
    static let tolerance: Field<Double> = .number(
        "tolerance", in: NonNegative(), default: 0,
        "Stop early when the projected gradient step is shorter than this; 0 runs all iterations.")
    static let initial: Field<InpaintingRequest.Initial> = Field(
        .field(
            "initial",
            .anyOf(
                [.words(["mean", "given", "noise"]), .number("", grey.bounds)],
                "What missing pixels start from: the training images' mean, the values given, random noise, or one grey "
                    + "level."), default: .string("mean")), reader: readInitial)
    static let seed = Field.seed()
    static let traceEvery: Field<Int> = .integer(
        "trace_every", in: 0...10_000, default: 0, example: 5,
        "Report the log-likelihood every so many iterations; 0 reports none.")

    /// In the order of the contract.
    static let options = [
        method.property, stepSize.property, iterations.property, tolerance.property, initial.property, seed.property,
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

    @Sendable private static func readInitial(_ fields: inout Fields) throws -> InpaintingRequest.Initial {
        let name: String
        switch fields.peek("initial") {
        case .text(let text) where NumberText.double(text) == nil: name = text
        case .json(let json) where json.stringLength > 0: name = try fields.string("initial") ?? ""
        default: return try fields.double("initial", in: grey).map { .value($0) } ?? .mean
        }
        _ = fields.take("initial")
        let words: [(String, InpaintingRequest.Initial)] = [("given", .given), ("mean", .mean), ("noise", .noise)]
        if let word = words.first(where: { $0.0.isIdentical(to: name) }) { return word.1 }
        if name.isIdentical(to: "conditional_mean") {
            throw Problem(
                .notImplemented, "The start “conditional_mean” is not available yet.",
                culprit: fields.culprit("initial"))
        }
        throw Problem.invalid(
            "“initial” must be given, mean, noise or a number between 0 and 1, not \(name.quoted).",
            fields.culprit("initial"))
    }
}
