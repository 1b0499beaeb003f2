import NormalizingFlows

extension InpaintingRequest {
    /// Reads the fields that say how to fill, from a body or a query.
    mutating func readOptions(from fields: inout Fields) throws {
        method = try fields.read(InpaintingFields.method)
        if chosen.isConditional {
            if !fields.has(InpaintingFields.method) { method = .posterior }
            if method != .posterior {
                try chosen.requireWholeImages(
                    "it has no density of a whole image to ascend, but draws missing pixels by “method”: “posterior”")
            }
        }
        stepSize = try fields.read(InpaintingFields.stepSize)
        iterations = try fields.read(InpaintingFields.iterations)
        tolerance = try fields.read(InpaintingFields.tolerance)
        initial = try fields.read(InpaintingFields.initial)
        initialCulprit = fields.culprit("initial")
        samples = try fields.read(InpaintingFields.samples)
        seed = try fields.read(InpaintingFields.seed)
        traceEvery = try fields.read(InpaintingFields.traceEvery)
        if chosen.isConditional { return try checkConditional(fields) }
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

    /// A conditional model has no use for options of ascents and chains.
    private mutating func checkConditional(_ fields: Fields) throws {
        for (name, isGiven) in [
            ("step_size", fields.has(InpaintingFields.stepSize)),
            ("iterations", fields.has(InpaintingFields.iterations)),
            ("tolerance", fields.has(InpaintingFields.tolerance)), ("initial", fields.has(InpaintingFields.initial)),
        ] where isGiven {
            throw Problem.invalid(
                "The model \(chosen.served.name.quoted) draws missing pixels in one pass, without steps: leave “\(name)” out.",
                fields.culprit(name))
        }
        if !fields.has(InpaintingFields.samples) { samples = Self.conditionalSamples }
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
    func check() throws {
        try masked.check()
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
