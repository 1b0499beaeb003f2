import LinearAlgebra
import NormalizingFlows

extension Declaration {
    /// What every endpoint that asks the model has in common.
    static func ofModel(
        _ path: String, _ summary: String, _ operation: Operation, answer: Answer, example: Example, isBrief: Bool,
        input: String? = nil
    ) -> Declaration {
        var declaration = Declaration(path, .images, summary, [operation], answer: answer, example: example)
        declaration.isBrief = isBrief
        declaration.needs = Needs(model: true, input: input)
        return declaration
    }

    /// `GET /models`
    static var models: Declaration {
        ofModel(
            "/models", "List the models",
            Operation(
                .get, "models",
                "The models that are loaded, the default first. All requests that a model answers name another with "
                    + "“model”."),
            answer: Answer("The loaded models.", [.json(.modelsReport)]), example: Example("/models"), isBrief: true)
    }

    /// `GET /model`
    static func model(_ facts: ModelFacts) -> Declaration {
        ofModel(
            "/model", "Describe the model",
            Operation(
                .get, "model", "What is loaded: its size, its architecture and its file.", query: [facts.field]),
            answer: Answer("The loaded model.", [.json(.modelReport)]), example: Example("/model"), isBrief: true)
    }

    /// `POST /likelihood`
    static func likelihood(_ facts: ModelFacts) -> Declaration {
        let report = Schema.object(
            "How likely the model finds the image.",
            [
                .always(
                    "log_likelihood",
                    .nats("Of the whole image; with a conditional model of the missing pixels given the known ones.")),
                .always(
                    "bits_per_dimension",
                    .number("8 − log_likelihood / (D ln 2), of D pixels, the missing ones with a conditional model.")
                        .measured(in: "bits")),
                .always("log_prior", .nats("The log density of the latent.")),
                .always("log_det_jacobian", .nats("How much the flow stretches space at this image.")),
                .sometimes(
                    "missing_pixels", .integer("With a conditional model: how many pixels were missing.", from: 1)),
                .sometimes("model", .modelIdentity.saying("The model that was used, where the request names it.")),
            ])
        return ofModel(
            "/likelihood", "Judge an image",
            Operation(
                .post, "likelihood",
                "The exact log-likelihood of an image, and its two parts. A conditional model gives log p(missing | known) "
                    + "for any missing pixels, all of them too: “mask”, “missing”, null, transparency or rows and columns in "
                    + "the query say which; their values are those of “truth”, else the image's own.",
                query: [facts.field] + .boxes, body: judged(facts)),
            answer: Answer("How likely the image is.", [.json(report), .answers(report)]),
            example: Example("/likelihood", .file("digit.png", .png)), isBrief: true, input: "image")
    }

    /// `POST /encode`
    static func encode(_ facts: ModelFacts) -> Declaration {
        let report = Schema.object(
            "The latent.",
            [
                .always("latent", .flat(of: .number(), facts.shape, "z, row-major as the image.")),
                .sometimes("model", .modelIdentity.saying("The model that was used, where the request names it.")),
            ])
        return ofModel(
            "/encode", "Image to latent",
            Operation(
                .post, "encode", "Maps an image x to its latent z = f(x).", query: [facts.field], body: whole(facts)),
            answer: Answer("The latent.", [.json(report), .answers(report)]),
            example: Example("/encode", .file("digit.png", .png), output: "latent.json"), isBrief: true, input: "image")
    }

    /// An image without missing pixels, in the forms that it may have.
    private static func whole(_ facts: ModelFacts) -> [Content] {
        let request = Schema.object(
            "An image without missing pixels.",
            [Property.required("image", .image(facts.shape)).playing(.image), facts.field])
        return [
            .json(.anyOf([request, .image(facts.shape)])), .png, .form(["image"], [facts.field]),
            .lines(request, "One request object a line; each is answered by one line, in order."),
        ]
    }

    /// An image whose likelihood is asked, with what a conditional model takes for missing.
    private static func judged(_ facts: ModelFacts) -> [Content] {
        let shape = facts.shape
        let truth = Property.field(
            "truth",
            .image(shape).saying(
                "With a conditional model: the complete image, where the missing pixels' values come from."),
            default: nil
        ).playing(.image)
        let request = Schema.object(
            "An image, whole or with missing pixels for a conditional model.",
            [Property.required("image", .maskedImage(shape)).playing(.image), facts.field] + .holes(shape) + [truth])
        return [
            .json(.anyOf([request, .maskedImage(shape)])), .png,
            .form(["image", "mask", "truth"], [facts.field]),
            .lines(request, "One request object a line; each is answered by one line, in order."),
        ]
    }

    /// `POST /decode`
    static func decode(_ facts: ModelFacts) -> Declaration {
        let shape = facts.shape
        let latent = Schema.grid(
            of: .number("", LatentFields.range.bounds), shape,
            "The latent, flat or as rows, each number between −10⁶ and 10⁶.")
        let request = Schema.object(
            "A latent.", [.required("latent", latent), LatentFields.clamp.property, facts.field])
        return ofModel(
            "/decode", "Latent to image",
            Operation(
                .post, "decode",
                "Maps a latent z to its image x = f⁻¹(z), in single precision: of an encoded image to some 1e-6 with nice, "
                    + "2e-3 with glow.",
                query: [facts.field],
                body: [.json(.anyOf([request, latent]))]),
            answer: Answer(
                "The image.",
                [
                    .json(
                        .object(
                            "The image.",
                            [
                                .always(
                                    "image",
                                    .rows(of: .number(), shape, "Rows of pixels, beyond 0…1 where not clamped.")),
                                .sometimes(
                                    "model",
                                    .modelIdentity.saying("The model that was used, where the request names it.")),
                            ]))
                ]),
            example: Example("/decode", .file("latent.json", .json)), isBrief: true, input: "latent")
    }
}

/// The fields of `/decode` besides the latent.
enum LatentFields {
    /// The flow adds and multiplies: numbers far beyond any latent would leave single precision.
    static let range = Between(-1e6, 1e6)
    static let clamp: Field<Bool> = .flag("clamp", "Clamp the pixels to 0…1.")
}

extension Schema {
    fileprivate static let modelsReport = object(
        "The loaded models.",
        [
            .always(
                "models",
                list(
                    of: object(
                        "A model.",
                        [
                            .always("name", text("What requests call it.")),
                            .always("kind", words(of: FlowArchitecture.Kind.self, "What it is a density of, and how.")),
                            .always("purpose", text("What it is for.")),
                            .always("file", text("The file that it was loaded from.")), .always("sha256", digest),
                            .always(
                                "shape",
                                object(
                                    "Of an image.",
                                    [
                                        .always("channels", integer("1 for grey levels.", from: 1)),
                                        .always("rows", integer("Rows.", from: 1)),
                                        .always("columns", integer("Columns.", from: 1)),
                                    ])),
                            .always("parameters", integer("How many numbers were trained.", from: 1)),
                            .always("memory_bytes", count("What its weights take in memory.").measured(in: "bytes")),
                            .always(
                                "test_log_likelihood",
                                number("Of the test images, where the file records it; else null.").orNull
                                    .measured(in: "nats")),
                        ]), "The default first."))
        ])

    fileprivate static let modelReport = object(
        "The loaded model.",
        [
            .always("name", text("Its name.")), .always("file", text("The file that it was loaded from.")),
            .always("sha256", digest), .always("architecture", architecture),
            .always("parameters", integer("How many numbers were trained.", from: 1)),
            .always("precision", words(of: Precision.self, "How they are kept in memory.")),
            .always(
                "test_log_likelihood",
                number("Of the test images, where the file records it; else null.").orNull.measured(in: "nats")),
            .sometimes("training", training),
        ])

    private static let training = object(
        "What the model was trained on, where its file records it.",
        [
            .always("images", number("Images that it was trained on.").orNull),
            .always("images_sha256", text("The digest of their pixels.")),
            .always("epochs", number("How many times it saw each image.").orNull),
            .always("best_epoch", number("The epoch that the weights are of.").orNull),
            .always("log_likelihood", nats("The mean over the training images.").orNull),
            .always("validation_log_likelihood", nats("The mean over the validation images.").orNull),
        ])

    private static let architecture = anyOf([nice, convolutional], "How it is built.")

    private static let nice = object(
        "NICE: additive couplings, then a diagonal scaling.",
        [
            .always("family", constant(.string("NICE"), "The family of models.")),
            .always("dimension", integer("Pixels of an image.", from: 1)),
            .always("rows", integer("Rows of an image.", from: 1)),
            .always("columns", integer("Columns of an image.", from: 1)),
            .always("couplings", integer("Coupling layers.", from: 1)),
            .always("hidden_layers", integer("Hidden layers of each coupling.", from: 0)),
            .always("width", integer("Units of a hidden layer.", from: 1)),
            .always("prior", text("The latent's distribution.")),
            .always("first_transformed", words(of: PixelParity.self, "Which pixels the first coupling transforms.")),
        ])

    private static let convolutional = object(
        "Steps of an invertible 1×1 convolution and an affine coupling.",
        [
            .always("family", constant(.string("invertible convolutions"), "The family of models.")),
            .always("dimension", integer("Numbers of an image.", from: 1)),
            .always("channels", integer("Channels of an image.", from: 1)),
            .always("rows", integer("Rows of an image.", from: 1)),
            .always("columns", integer("Columns of an image.", from: 1)),
            .always("block", integer("The side of the squares of pixels that become channels.", from: 1)),
            .always("steps", integer("Steps of the flow.", from: 1)),
            .always("hidden", integer("Channels of the couplings' hidden layers.", from: 1)),
            .always("coupling", words(["affine", "spline"], "How the couplings move numbers.")),
            .always(
                "conditioner",
                object(
                    "The network that makes features of the known pixels; null for a model of whole images.",
                    [
                        .always("features", integer("Its channels.", from: 1)),
                        .always("blocks", integer("Its residual blocks.", from: 1)),
                    ]
                ).orNull),
            .always("prior", text("The latent's distribution.")),
        ])
}
