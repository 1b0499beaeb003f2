import NormalizingFlows

extension Declaration {
    /// `POST /inpaint`
    static func inpaint(_ facts: ModelFacts) -> Declaration {
        let shape = facts.shape
        // A quarter of the image's height and width, which is [5,12] of 28 in the default model's case.
        let rows = shape?.rows ?? 28, columns = shape?.columns ?? 28
        let target = "/inpaint?rows=\(rows / 4):\(rows / 2)&columns=\(columns / 4):\(columns / 2)"
        let report = Schema.inpaintingReport(facts)
        var declaration = ofModel(
            "/inpaint", "Fill missing pixels",
            Operation(
                .post, "inpaint",
                "Fills the missing pixels of an image by maximizing the model's log-likelihood; known pixels come back "
                    + "unchanged. With a JSON object all options are its fields; with a picture or a bare array they are "
                    + "query parameters; with one object a line, options in the query hold for every line that does not "
                    + "say otherwise. A form (multipart/form-data) has the part image, a PNG or JSON, perhaps the parts mask "
                    + "and truth, and options as further parts; in a mask that is a PNG, white pixels are the missing ones. "
                    + "With a model of patches the image is a photograph of any size: rows of grey levels or of pixels of "
                    + "three numbers, or a PNG of any kind, whose depth, colours, colour profile and orientation the answer "
                    + "keeps.",
                query: .boxes + InpaintingFields.options + [facts.field]
                    + [PictureFields.scaleProperty, PictureFields.stripProperty],
                body: bodies(facts)),
            answer: Answer(
                "The filled image.", [.json(report), .png, .progress(.inpaintingProgress(facts), then: report)]),
            example: Example(target, .file("digit.png", .png)), isBrief: false)
        declaration.problems = [.notImplemented]
        declaration.needs.input = "image"
        declaration.needs.settings = ["photographs"]
        return declaration
    }

    private static func bodies(_ facts: ModelFacts) -> [Content] {
        let one = Schema.maskedImage(facts.shape)
        let image = (facts.takesPhotographs ? .anyOf([one, .photograph(holes: true)]) : one).saying(
            "The image, as rows of grey levels from 0 (black) to 1 (white) or as one flat list; null marks a missing "
                + "pixel. A missing pixel may have a starting value for initial=given.")
        let request = Schema.named("InpaintingRequest", .object("What to fill, and how.", members(image, facts)))
        return [
            .json(.anyOf([request, image.saying("The image alone; the options are query parameters.")])), .png,
            .form(["image", "mask", "truth"], InpaintingFields.options + [facts.field]),
            .lines(request, "One request object a line; each is answered by one line, in order."),
        ]
    }

    private static func members(_ image: Schema, _ facts: ModelFacts) -> [Property] {
        let one = Schema.image(facts.shape)
        let whole = facts.takesPhotographs ? Schema.anyOf([one, .photograph(holes: false)]) : one
        let truth = Property.field(
            "truth", whole.saying("The complete image, for judging the result: adds psnr to the answer."), default: nil)
        var members = [Property.required("image", image).playing(.image)]
        members += .holes(facts.shape)
        members += InpaintingFields.options
        members += [facts.field, truth.playing(.image)]
        return members
    }
}

extension Schema {
    fileprivate static func inpaintingProgress(_ facts: ModelFacts) -> Schema {
        let image = pixels(facts.shape, "The image as it is now.")
        let preview = text(
            "Of a photograph: the address of a PNG (data:) of it as it is now, with at most 512 rows and columns.")
        return named(
            "InpaintingProgress",
            object(
                "How far the ascent is, at the points of the trace.",
                [
                    .always("iteration", count("Gradient evaluations that were made.")),
                    .always(
                        "log_likelihood", number("Of the image, or a photograph's patches.").orNull.measured(in: "nats")
                    ),
                ]
                    + (facts.takesPhotographs
                        ? [.sometimes("image", image), .sometimes("preview", preview)] : [.always("image", image)])))
    }

    fileprivate static func inpaintingReport(_ facts: ModelFacts) -> Schema {
        let shape = facts.shape
        let grey = pixels(shape, "Rows of grey levels; known pixels are the very numbers that were given.")
        let image =
            facts.takesPhotographs
            ? anyOf(
                [
                    grey, .photograph(holes: false),
                    text("Of a photograph that came as a PNG: the address of one (data:)."),
                ],
                "Known pixels are the very numbers that were given.") : grey
        return named(
            "InpaintingReport",
            object(
                "The filled image and how it was found.",
                [.always("image", image)]
                    + inpaintingFigures + inpaintingUsed + posteriorFigures(shape) + inpaintingExtras))
    }

    /// Rows of grey levels, or of pixels of three numbers, of any size.
    ///
    /// - Parameter holes: whether null stands for a missing pixel.
    fileprivate static func photograph(holes: Bool) -> Schema {
        let level = number("", NumberBounds(from: 0, to: 1))
        let color = list(of: level, "Red, green and blue.", ListForm(least: 3, most: 3))
        func rows(of cell: Schema) -> Schema {
            list(of: list(of: holes ? cell.orNull : cell, "A row.", ListForm(least: 1)), "Rows.", ListForm(least: 1))
        }
        return anyOf(
            [rows(of: level), rows(of: color)], "With a model of patches: a photograph of any size, grey or in colours."
        )
    }

    private static let inpaintingFigures: [Property] = [
        .always(
            "log_likelihood",
            object(
                "In nats.",
                [
                    .always("initial", number("At the start.").orNull),
                    .always(
                        "final",
                        number(
                            "Of the filled image; of a conditional model the mean of its draws' log p(missing | known)."
                        ).orNull),
                ])),
        .sometimes(
            "patches",
            count("Of a photograph: the log-likelihood is the mean over so many patches, with the last level of noise.")
        ),
        .always(
            "bits_per_dimension",
            number(
                "8 − final / (D ln 2): the cost of coding one pixel of 256 grey levels, of a conditional model one of "
                    + "the missing ones."
            ).orNull.measured(in: "bits")),
        .always("iterations", count("Gradient evaluations that were made; draws of a conditional model.")),
        .always("stopped", words(of: InpaintingRun.Stop.self, "Why it stopped.")),
    ]

    private static let inpaintingUsed: [Property] = [
        .always("method", words(of: InpaintingRequest.Method.self, "As used.")),
        .always(
            "step_size",
            anyOf([words(["auto", "adam", "paper"]), number("")], "As used: auto, adam, paper or the constant.")),
        .always(
            "initial",
            anyOf(
                [
                    words([
                        "conditional_mean", "mean", "given", "noise", "draw", "conditional_draws", "none", "biharmonic",
                    ]),
                    number(""),
                ], "As used.")),
        .always("missing_pixels", integer("How many pixels were filled.", from: 1)),
        .always("model", modelIdentity),
    ]

    /// What `posterior` adds.
    private static func posteriorFigures(_ shape: ImageShape?) -> [Property] {
        func figures(_ text: String, of figure: Schema) -> Schema {
            object(
                text,
                [
                    .always("log_likelihood", figure.orNull.saying("Of log p.")),
                    .always("worst_pixel", figure.orNull.saying("Of the missing pixel where it is worst.")),
                    .always("median_pixel", figure.orNull.saying("Of the missing pixel in the middle.")),
                ])
        }
        return [
            .sometimes(
                "standard_deviation",
                pixels(
                    shape,
                    "Of draws: their deviation about their mean, which is the image; 0 at known pixels, null for one draw."
                ).orNull),
            .sometimes(
                "samples",
                list(of: pixels(shape, "A draw."), "With posterior: the last draw of each chain, or all draws.")),
            .sometimes(
                "sample_log_likelihoods",
                list(of: nats("Of a draw."), "Of a conditional model: log p(missing | known) of each draw.")),
            .sometimes(
                "interval",
                object(
                    "Of a conditional model, from 19 draws on: where each pixel lies with probability level.",
                    [
                        .always("level", number("How often the truth lies within.", NumberBounds(from: 0, to: 1))),
                        .always("lower", pixels(shape, "The lower ends.")),
                        .always("upper", pixels(shape, "The upper ends.")),
                    ])),
            .sometimes("draws", count("With posterior: the draws that mean and deviation are over.")),
            .sometimes(
                "acceptance",
                number(
                    "With posterior: the mean probability that a trajectory is accepted.", NumberBounds(from: 0, to: 1)
                ).orNull),
            .sometimes(
                "effective_sample_size",
                figures("With posterior: how many independent draws would do.", of: number("", NumberBounds(from: 0)))),
            .sometimes(
                "r_hat",
                figures("With posterior: split-R̂, near 1 where chains agree.", of: number("", NumberBounds(from: 0)))),
        ]
    }

    private static let inpaintingExtras: [Property] = [
        .sometimes("warning", text("Why the figures cannot be trusted.")),
        .sometimes(
            "trace",
            list(
                of: object(
                    "A point of the trace.",
                    [
                        .always("iteration", count("Gradient evaluations until then.")),
                        .always("log_likelihood", nats("Of the image.")),
                    ]), "With trace_every: the log-likelihood along the way.")),
        .sometimes(
            "psnr",
            number("With truth: the peak signal-to-noise ratio over the missing pixels; null without any error.")
                .orNull.measured(in: "decibels")),
        .sometimes("seed", usedSeed), .sometimes("reproduce", reproducingSeed),
    ]
}
