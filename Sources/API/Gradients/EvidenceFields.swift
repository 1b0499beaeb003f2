import GradientEstimation

/// The fields of `/elbo-gradient`.
struct EvidenceFields: Sendable {
    /// samples × dimension × estimators, at most.
    let maximumDraws: Int
    /// Read with the variables that `mean` leads to.
    let logH = Property.required(
        "log_h", .expression("The unnormalized log density, an expression in z1, z2, … zd."), .string("-z1^2/2-z2^2"))
    let mean: Field<[Double]> = .numbers(
        "mean", Self.list(of: .number(), "The mean of the normal approximation, one number for each coordinate."),
        example: .array([.integer(1), .integer(0)]), expected: "a list of d numbers")
    let logStd: Field<[Double]> = .numbers(
        "log_std",
        Self.list(
            of: .number("", NumberBounds(from: -300, to: 300)),
            "The logarithm of its standard deviation, one number for each coordinate."),
        example: .array([.integer(0), .integer(0)]), expected: "a list of d numbers")
    let samples: Field<Int>
    let estimators: Field<[EvidenceEstimatorKind]> = .choices(
        "estimators", default: EvidenceEstimatorKind.allCases, "Which gradient estimators are compared.")
    let seed = Field.seed()

    init(maximumDraws: Int) {
        self.maximumDraws = maximumDraws
        samples = .integer(
            "samples", in: 1...Int.max, documented: 1...max(maximumDraws, 1), default: 10_000, example: 1000,
            "Random draws for each estimator; samples × dimension × estimators is at most \(maximumDraws).")
    }

    private static func list(of element: Schema, _ sentence: String) -> Schema {
        .list(of: element, sentence, ListForm(least: 1, most: EvidenceSpecification.Limits().dimension))
    }

    var all: [Property] {
        [logH, mean.property, logStd.property, samples.property, estimators.property, seed.property]
    }
}
