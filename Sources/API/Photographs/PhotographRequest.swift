import NormalizingFlows

/// A checked request to fill a photograph, in whatever form it came.
struct PhotographRequest: Sendable {
    var photograph: SentPhotograph
    /// The whole photograph, for judging; of the same size and channels.
    var truth: SentPhotograph?
    /// Nil: as many as the model's ascent usually has.
    var iterations: Int?
    var seed: UInt64?
    var traceEvery = 0

    init(_ photograph: SentPhotograph) { self.photograph = photograph }

    /// Reads the fields that say how to fill. Those that only models of whole images have a use for are refused by name.
    mutating func readOptions(from fields: inout Fields) throws {
        let method = try fields.read(InpaintingFields.method)
        try Self.refuse("method", method != .projectedGradient, "photographs are filled by projected_gradient", fields)
        if case .auto = try fields.read(InpaintingFields.stepSize) {
        } else {
            try Self.refuse("step_size", true, "photographs are filled by Adam with a rate of its own", fields)
        }
        try Self.refuse(
            "tolerance", try fields.read(InpaintingFields.tolerance) != 0,
            "a photograph's ascent runs all its iterations",
            fields)
        try Self.refuse(
            "initial", try fields.read(InpaintingFields.initial) != nil,
            "a photograph's missing pixels start from the smoothest surface through the known ones", fields)
        for name in ["scale", "strip"] {
            try Self.refuse(name, fields.take(name) != nil, "pictures keep their size", fields)
        }
        let hasSamples = fields.has(InpaintingFields.samples)
        _ = try fields.read(InpaintingFields.samples)
        try Self.refuse("samples", hasSamples, "there are no draws of photographs", fields)
        if fields.has(InpaintingFields.iterations) { iterations = try fields.read(InpaintingFields.iterations) }
        seed = try fields.read(InpaintingFields.seed)
        traceEvery = try fields.read(InpaintingFields.traceEvery)
    }

    private static func refuse(_ name: String, _ isWrong: Bool, _ reason: String, _ fields: Fields) throws {
        guard isWrong else { return }
        throw Problem.invalid("With this model \(reason): leave “\(name)” out.", fields.culprit(name))
    }

    /// What must hold between fields, once all of them are known.
    ///
    /// - Parameters:
    ///   - hole: names the field that says what is missing.
    ///   - truth: names the field of the whole photograph.
    func check(hole: Problem.Culprit, truth truthCulprit: Problem.Culprit) throws {
        let missing = photograph.missingPixels
        guard missing > 0 else {
            throw Problem.invalid(
                "No pixel is missing. Make missing pixels transparent or null, or send a “mask” in which they are white.",
                hole)
        }
        guard missing < photograph.size.pixels else {
            throw Problem.invalid("Every pixel is missing: there is nothing to fill them from.", hole)
        }
        guard let truth else { return }
        guard truth.size == photograph.size, truth.channels == photograph.channels else {
            throw Problem.invalid(
                "“truth” must be as large as the image, \(photograph.size) pixels of \(photograph.channels == 1 ? "grey" : "colours"), "
                    + "not \(truth.size) of \(truth.channels == 1 ? "grey" : "colours").", truthCulprit)
        }
        guard truth.missingPixels == 0 else {
            throw Problem.invalid("Every pixel of “truth” must be known.", truthCulprit)
        }
    }
}
