extension InpaintingRequest {
    /// Reads the fields that say how to fill, from a body or a query.
    mutating func readOptions(from fields: inout Fields) throws {
        if let name = try fields.string("method") { method = try Self.method(name, fields) }
        stepSize = try Self.stepSize(from: &fields) ?? .auto
        iterations = try fields.integer("iterations", in: 1...10_000) ?? 300
        tolerance = try fields.double("tolerance", in: NonNegative()) ?? 0
        initial = try Self.initial(from: &fields) ?? .mean
        seed = try fields.seed()
        traceEvery = try fields.integer("trace_every", in: 0...10_000) ?? 0
        if case .constant = stepSize, method == .noisyGradient {
            throw Problem.invalid(
                "noisy_gradient has step sizes of its own, 10/(100 + i): leave “step_size” out.",
                fields.culprit("step_size"))
        }
    }

    private static func method(_ name: String, _ fields: Fields) throws -> Method {
        if name.isIdentical(to: "posterior") {
            throw Problem(.notImplemented, "The method “posterior” is not available yet.",
                culprit: fields.culprit("method"))
        }
        return try Fields.choice(name, "“method” must be one of", fields.culprit("method"))
    }

    private static func stepSize(from fields: inout Fields) throws -> StepSize? {
        if fields.isWord("step_size", "auto") {
            _ = fields.take("step_size")
            return .auto
        }
        if case .json(let json)? = fields.peek("step_size"), let text = json.string {
            throw Problem.invalid(
                "“step_size” must be \"auto\" or a number, not \(text.quoted).", fields.culprit("step_size"))
        }
        // What single precision holds.
        return try fields.double("step_size", in: Between(1e-37, 1e37)).map { .constant($0) }
    }

    private static func initial(from fields: inout Fields) throws -> Initial? {
        let name: String
        switch fields.peek("initial") {
        case .text(let text) where NumberText.double(text) == nil: name = text
        case .json(let json) where json.stringLength > 0: name = try fields.string("initial") ?? ""
        default: return try fields.double("initial", in: Between(0, 1)).map { .value($0) }
        }
        _ = fields.take("initial")
        let words: [(String, Initial)] = [("given", .given), ("mean", .mean), ("noise", .noise)]
        if let word = words.first(where: { $0.0.isIdentical(to: name) }) { return word.1 }
        if name.isIdentical(to: "conditional_mean") {
            throw Problem(.notImplemented, "The start “conditional_mean” is not available yet.",
                culprit: fields.culprit("initial"))
        }
        throw Problem.invalid(
            "“initial” must be given, mean, noise or a number between 0 and 1, not \(name.quoted).",
            fields.culprit("initial"))
    }

    /// What must hold between fields, once all of them are known.
    ///
    /// - Parameters:
    ///   - pixel: names a pixel of the image by its index.
    ///   - hole: names the field that says what is missing.
    ///   - initial: names the field of that name.
    func check(
        _ shape: ImageShape, pixel: (Int) -> Problem.Culprit?, hole: Problem.Culprit,
        initial initialCulprit: Problem.Culprit
    ) throws {
        for (index, value) in image.enumerated() where known[index] {
            guard let value else {
                throw Problem.invalid(
                    "\(shape.pixel(index)) is null, which means missing, but “mask” says that it is known.",
                    pixel(index))
            }
            guard value >= 0 && value <= 1 else {
                throw Problem.invalid(
                    "\(shape.pixel(index)) must be between 0 (black) and 1 (white), not "
                        + "\(JSONText.number(value)).", pixel(index))
            }
        }
        guard missingPixels > 0 else {
            throw Problem.invalid(
                "No pixel is missing. Mark missing pixels with null, “mask” or “missing” "
                    + "(in a query with rows=5:12&columns=5:20).", hole)
        }
        if case .given = initial,
            let index = image.indices.first(where: { !known[$0] && image[$0] == nil }) {
            throw Problem.invalid(
                "\(shape.pixel(index)) has no starting value, which “initial”: “given” requires.",
                initialCulprit)
        }
    }
}
