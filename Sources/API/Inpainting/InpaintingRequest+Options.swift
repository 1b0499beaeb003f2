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
        if let method = Method(rawValue: name) { return method }
        if name == "posterior" {
            throw Problem(.notImplemented, "The method “posterior” is not there yet.",
                culprit: fields.culprit("method"))
        }
        let names = Method.allCases.map(\.rawValue)
        var detail = "“method” is one of \(names.joined(separator: ", ")), not “\(name.prefix(40))”."
        if let near = Spelling.nearest(to: name, among: names) { detail += " Did you mean “\(near)”?" }
        throw Problem.invalid(detail, fields.culprit("method"))
    }

    private static func stepSize(from fields: inout Fields) throws -> StepSize? {
        switch fields.peek("step_size") {
        case .text("auto"), .json(.string("auto")):
            _ = try fields.string("step_size")
            return .auto
        case .json(.string(let text)):
            throw Problem.invalid(
                "“step_size” is \"auto\" or a number, not \"\(text.prefix(40))\".",
                fields.culprit("step_size"))
        default:
            return try fields.double("step_size", in: Between(1e-37, 1e37)).map { .constant($0) }
        }
    }

    private static func initial(from fields: inout Fields) throws -> Initial? {
        let name: String
        switch fields.peek("initial") {
        case .text(let text) where NumberText.double(text) == nil: name = text
        case .json(.string(let text)): name = text
        default: return try fields.double("initial", in: Between(0, 1)).map { .value($0) }
        }
        _ = try fields.string("initial")
        switch name {
        case "given": return .given
        case "mean": return .mean
        case "noise": return .noise
        case "conditional_mean":
            throw Problem(.notImplemented, "The start “conditional_mean” is not there yet.",
                culprit: fields.culprit("initial"))
        default:
            throw Problem.invalid(
                "“initial” is given, mean, noise or a number in 0…1, not “\(name.prefix(40))”.",
                fields.culprit("initial"))
        }
    }

    /// What holds between fields, once all of them are known.
    ///
    /// - Parameters:
    ///   - pixel: names a pixel of the image.
    ///   - hole: names the field that says what is missing.
    func check(
        pixel: (Int) -> Problem.Culprit?, hole: Problem.Culprit?, initialCulprit: Problem.Culprit?
    ) throws {
        for (index, value) in image.enumerated() where known[index] {
            guard let value else {
                throw Problem.invalid(
                    "This pixel is null, that is missing, but the mask calls it known.", pixel(index))
            }
            guard value >= 0 && value <= 1 else {
                throw Problem.invalid(
                    "A known pixel lies in 0…1 (0 black, 1 white), not at \(JSONText.number(value)).",
                    pixel(index))
            }
        }
        guard missingPixels > 0 else {
            throw Problem.invalid(
                "No pixel is missing: say which with null pixels, “mask” or “missing” "
                    + "(in a query rows=5:12&columns=5:20).", hole)
        }
        if case .given = initial,
            let index = image.indices.first(where: { !known[$0] && image[$0] == nil }) {
            throw Problem.invalid(
                "“initial” is given, but the missing pixel in row and column of flat place \(index) "
                    + "has no value to start from.", initialCulprit)
        }
    }
}
