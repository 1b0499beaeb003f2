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

    /// `GET /model`
    static var model: Declaration {
        ofModel(
            "/model", "Describe the model",
            Operation(.get, "model", "What is loaded: its size, its architecture and its file."),
            answer: Answer("The loaded model.", [.json(.modelReport)]), example: Example("/model"), isBrief: true)
    }

    /// `POST /likelihood`
    static func likelihood(_ shape: ImageShape?) -> Declaration {
        let report = Schema.object(
            "How likely the model finds the image.",
            [
                .always("log_likelihood", .nats("Of the whole image.")),
                .always(
                    "bits_per_dimension", .number("8 − log_likelihood / (D ln 2), of D pixels.").measured(in: "bits")),
                .always("log_prior", .nats("The log density of the latent.")),
                .always("log_det_jacobian", .nats("How much the flow stretches space at this image.")),
            ])
        return ofModel(
            "/likelihood", "Judge an image",
            Operation(
                .post, "likelihood", "The exact log-likelihood of an image, and its two parts.",
                body: whole(shape)),
            answer: Answer("How likely the image is.", [.json(report), .answers(report)]),
            example: Example("/likelihood", .file("digit.png", .png)), isBrief: true, input: "image")
    }

    /// `POST /encode`
    static func encode(_ shape: ImageShape?) -> Declaration {
        let report = Schema.object(
            "The latent.", [.always("latent", .flat(of: .number(), shape, "z, row-major as the image."))])
        return ofModel(
            "/encode", "Image to latent",
            Operation(.post, "encode", "Maps an image x to its latent z = f(x).", body: whole(shape)),
            answer: Answer("The latent.", [.json(report), .answers(report)]),
            example: Example("/encode", .file("digit.png", .png), output: "latent.json"), isBrief: true, input: "image")
    }

    /// An image without missing pixels, in the forms that it may have.
    private static func whole(_ shape: ImageShape?) -> [Content] {
        let request = Schema.object(
            "An image without missing pixels.", [Property.required("image", .image(shape)).playing(.image)])
        return [
            .json(.anyOf([request, .image(shape)])), .png, .form(["image"]),
            .lines(request, "One request object a line; each is answered by one line, in order."),
        ]
    }

    /// `POST /decode`
    static func decode(_ shape: ImageShape?) -> Declaration {
        let latent = Schema.grid(
            of: .number("", LatentFields.range.bounds), shape,
            "The latent, flat or as rows, each number between −10⁶ and 10⁶.")
        let request = Schema.object(
            "A latent.", [.required("latent", latent), LatentFields.clamp.property])
        return ofModel(
            "/decode", "Latent to image",
            Operation(
                .post, "decode", "Maps a latent z to its image x = f⁻¹(z).", body: [.json(.anyOf([request, latent]))]),
            answer: Answer(
                "The image.",
                [
                    .json(
                        .object(
                            "The image.",
                            [
                                .always(
                                    "image",
                                    .rows(of: .number(), shape, "Rows of pixels, beyond 0…1 where not clamped."))
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

    private static let architecture = object(
        "How it is built.",
        [
            .always("family", text("The family of models.")),
            .always("dimension", integer("Pixels of an image.", from: 1)),
            .always("rows", integer("Rows of an image.", from: 1)),
            .always("columns", integer("Columns of an image.", from: 1)),
            .always("couplings", integer("Coupling layers.", from: 1)),
            .always("hidden_layers", integer("Hidden layers of each coupling.", from: 0)),
            .always("width", integer("Units of a hidden layer.", from: 1)),
            .always("prior", text("The latent's distribution.")),
            .always("first_transformed", words(of: PixelParity.self, "Which pixels the first coupling transforms.")),
        ])
}
