import NormalizingFlows

/// The fields of `/invertible-convolution`.
struct ConvolutionFields: Sendable {
    let inverse: Field<Bool> = .flag("inverse", "Undo the convolution instead of applying it.")
    let activation: Field<ChannelNetwork.Activation> = .choice(
        "activation", default: .tanh, "The hidden layers' activation.")
    let perPosition: Field<Bool> = .flag(
        "per_position", "A matrix for each position instead of one for the image.")
    let seed = Field.seed()
    private let limits: ConvolutionLimits

    init(limits: ConvolutionLimits) { self.limits = limits }

    private static func list(_ element: Schema, _ sentence: String, most: Int? = nil) -> Schema {
        .list(of: element, sentence, ListForm(least: 1, most: most))
    }

    private func rows(_ sentence: String) -> Schema {
        Self.list(Self.list(.number(), "A row.", most: limits.channels), sentence, most: limits.channels)
    }

    /// The factors are those of the identity where there is a conditioner and they are left out.
    var all: [Property] {
        let image = Self.list(
            Self.list(Self.list(.number(), "A row."), "A channel."), "The image as [channel][row][column].")
        return [
            .field(
                "permutation",
                Self.list(
                    .integer("", from: 0),
                    "P, as the index that each row is taken from; required without a conditioner.",
                    most: limits.channels), default: nil, .numbers([1, 0])),
            .field(
                "lower", rows("L, lower triangular with ones on the diagonal; required without a conditioner."),
                default: nil, .array([.numbers([1, 0]), .numbers([0.5, 1])])),
            .field(
                "upper", rows("U, strictly upper triangular; required without a conditioner."), default: nil,
                .array([.numbers([0, 3]), .numbers([0, 0])])),
            .field(
                "scale",
                Self.list(
                    .number(), "s, one number other than 0 for each channel; required without a conditioner.",
                    most: limits.channels), default: nil, .numbers([2, -1])),
            .required("input", image, .array([.array([.numbers([1, 2])]), .array([.numbers([3, 4])])])),
            inverse.property,
            .field(
                "conditioner",
                .object("A network that makes L, U and s from the first half of the channels.", conditioner),
                default: nil),
        ]
    }

    private var conditioner: [Property] {
        let width = Schema.integer("", from: 1)
        let layer = Schema.object(
            "A linear layer.",
            [
                .always("weight", Self.list(Self.list(.number(), "A row."), "A row for each output.")),
                .always("bias", Self.list(.number(), "One number for each output.")),
            ])
        return [
            .field(
                "layers", Self.list(layer, "The network's layers.", most: ConditionerRequest.mostLayers), default: nil
            ).excluding(["seed", "hidden", "shift"]),
            seed.property,
            .field(
                "hidden",
                .anyOf(
                    [width, .list(of: width, "", ListForm(most: ConditionerRequest.mostLayers - 1))],
                    "Widths of the hidden layers of a network drawn at random."),
                default: .array([.integer(16)])),
            .field(
                "shift", .boolean("Let the drawn network shift the channels, too."),
                default: .bool(false)),
            activation.property, perPosition.property,
        ]
    }
}

extension Declaration {
    /// `POST /invertible-convolution`
    static func convolution(_ fields: ConvolutionFields) -> Declaration {
        let example =
            #"{"permutation":[1,0],"lower":[[1,0],[0.5,1]],"upper":[[0,3],[0,0]],"scale":[2,-1],"input":[[[1,2]],[[3,4]]]}"#
        let body = Content.json(
            .object("The factors of A = P L (U + diag(s)), and the image it mixes.", fields.all),
            example: .object(
                fields.all.compactMap { property in property.schema.examples.first.map { (property.name, $0) } }))
        var declaration = Declaration(
            "/invertible-convolution", .images, "Mix channels invertibly",
            [
                Operation(
                    .post, "invertibleConvolution",
                    "A 1×1 convolution with A = P L (U + diag(s)), or its inverse, with the logarithm of its determinant.",
                    body: [body])
            ],
            answer: Answer("The mixed image.", [.json(.convolutionReport)]),
            example: Example("/invertible-convolution", .json(example)))
        declaration.needs.settings = ["convolution"]
        return declaration
    }
}

extension Schema {
    fileprivate static let convolutionReport = named(
        "ConvolutionReport",
        object(
            "The mixed image and its determinant.",
            [
                .always("output", list(of: matrix, "The image as [channel][row][column].")),
                .always(
                    "log_abs_det", number("log |det| of the map that was run: ± rows · columns · Σ log |s|.")),
                .always("sign", integer("The sign of the determinant.", from: -1, to: 1)),
                .always(
                    "weight",
                    anyOf(
                        [matrix, list(of: list(of: matrix))],
                        "The matrix A; one for each row and column where it depends on the position.")),
                .always("inverse", boolean("As requested.")),
                .sometimes(
                    "reproduce", object("With a drawn conditioner: what repeats it.", [.always("conditioner", drawn)])),
            ]))

    private static let matrix = list(of: numbers("A row."), "Rows of numbers.")

    private static let drawn = object(
        "The network as it was drawn.",
        [
            .always("seed", usedSeed),
            .always("hidden", list(of: integer("", from: 1), "Widths of the hidden layers.")),
            .always("shift", boolean("As used.")),
            .always("activation", words(of: ChannelNetwork.Activation.self, "As used.")),
            .always("per_position", boolean("As used.")),
        ])
}
