import NormalizingFlows

extension InpaintingRequest {
    /// Reads the fields that say how to fill, from a body or a query.
    mutating func readOptions(from fields: inout Fields) throws {
        method = try fields.read(InpaintingFields.method)
        stepSize = try fields.read(InpaintingFields.stepSize)
        iterations = try fields.read(InpaintingFields.iterations)
        tolerance = try fields.read(InpaintingFields.tolerance)
        initial = try fields.read(InpaintingFields.initial)
        samples = try fields.read(InpaintingFields.samples)
        seed = try fields.read(InpaintingFields.seed)
        traceEvery = try fields.read(InpaintingFields.traceEvery)
        switch (stepSize, method) {
        case (.constant, .noisyGradient), (.adam, .noisyGradient):
            throw Problem.invalid(
                "noisy_gradient has step sizes of its own, 10/(100 + i): leave “step_size” out, or take “paper”.",
                fields.culprit("step_size"))
        case (.paper, .projectedGradient):
            throw Problem.invalid(
                "“step_size”: “paper” is the step of “method”: “noisy_gradient”.", fields.culprit("step_size"))
        default: break
        }
        if method == .posterior {
            try checkPosterior(fields)
        } else if fields.has(InpaintingFields.samples) {
            throw Problem.invalid(
                "“samples” is the number of chains of “method”: “posterior”: leave it out.", fields.culprit("samples"))
        }
    }

    /// `posterior` has no use for options of an ascent.
    private func checkPosterior(_ fields: Fields) throws {
        func refuse(_ name: String, _ reason: String) throws -> Never {
            throw Problem.invalid("\(reason): leave “\(name)” out.", fields.culprit(name))
        }
        guard case .auto = stepSize else { try refuse("step_size", "posterior finds a step of its own") }
        guard tolerance == 0 else { try refuse("tolerance", "posterior runs all its iterations") }
        guard initial == nil else {
            try refuse("initial", "posterior starts from draws of a normal distribution given the known pixels")
        }
        guard known.count <= ImageGaussian.mostPixels else {
            throw Problem.invalid(
                "posterior is for models of at most \(ImageGaussian.mostPixels) pixels, and this one has "
                    + "\(known.count).", fields.culprit("method"))
        }
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
        if case .conditionalMean = initial, shape.count > ImageGaussian.mostPixels {
            throw Problem.invalid(
                "“initial”: “conditional_mean” is for models of at most \(ImageGaussian.mostPixels) pixels, and this one "
                    + "has \(shape.count). Take “mean”.", initialCulprit)
        }
        if case .given = initial,
            let index = image.indices.first(where: { !known[$0] && image[$0] == nil })
        {
            throw Problem.invalid(
                "\(shape.pixel(index)) has no starting value, which “initial”: “given” requires.",
                initialCulprit)
        }
    }
}
