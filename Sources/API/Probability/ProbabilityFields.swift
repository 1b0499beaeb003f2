import RareEvents
import Statistics

/// The fields of `/probability`, in a query or in a JSON object.
struct ProbabilityFields: Sendable {
    let g = Property.required(
        "g",
        .expression(
            "The limit state function, an expression in the variables; if(c, a, b) and comparisons make branches.",
            longest: longest),
        .string("3-x1*x2"))
    let threshold: Field<Double> = .number("threshold", default: 0, "What g is compared with.")
    let event: Field<LimitStateProblem.Event> = .choice(
        "event", default: .below, "Whether the event is g ≤ threshold or g ≥ threshold.")
    /// Read by `RandomVariables`.
    let variables = Property.required(
        "variables",
        .anyOf(
            [
                .object(
                    "", [], ObjectForm(leastMembers: 1, others: .init(named: names, .distribution))),
                .text("", TextForm(format: "variables", longest: 10_000)),
            ],
            "The random inputs: a distribution for each variable; x[1:20] stands for x1 … x20, all alike. As a text: "
                + "x1=normal:0:1,x[2:5]=exponential:1."),
        .object([("x1", .string("normal:0:1")), ("x2", .string("normal:0:1"))]))
    /// Read with the variables.
    let correlation = Property(
        "correlation",
        .list(
            of: .list(of: .number(), "", ListForm(least: 1)),
            "The correlation matrix of the Gaussian copula that joins the inputs, rows in their order; independent when left "
                + "out.", ListForm(least: 1)), isRequired: false)
    let method: Field<LimitStateSpecification.Method> = .choice(
        "method", default: .auto, "How the probability is estimated; auto compares two methods and says which it took.")
    let relativeError: Field<Double?> = .number(
        "relative_error", in: Positive(), example: .number(0.05),
        "Go on until the relative error is at most this; 0.05 where neither this nor n is given.")
    let n: Field<Int?>
    let maximumEvaluations: Field<Int>
    let confidence: Field<Double> = .number(
        "confidence", in: StrictlyBetween(0, 1), default: 0.95, "The confidence level of the interval.")
    let seed = Field.seed()
    let shard: Field<Shard?> = .shard(
        "Draw only this part of the n draws, as index/count with the index from 0; requires n and a seed, and a method other than "
            + "form and subset.", default: nil)

    /// Characters of g: more than other expressions may have, since many variables have many names.
    static let longest = 4096

    static let names = #"^[A-Za-z_][A-Za-z0-9_]{0,99}(\[[0-9]{1,6}:[0-9]{1,6}\])?$"#

    init(mostEvaluations: Int) {
        let range = 1...max(mostEvaluations, 1)
        n = Field(
            .field(
                "n",
                .integer(
                    "So many draws in the estimate, instead of a relative error; subset makes 320 at least.", range),
                default: nil,
                .integer(10_000))
        ) { try $0.integer("n", in: range) }
        maximumEvaluations = .integer(
            "max_evaluations", in: range, default: min(1_000_000, range.upperBound),
            "The most evaluations of g, exploration included.")
    }

    /// In the order of the contract, which `reproduce` keeps.
    var all: [Property] {
        [g, threshold.property, event.property, variables, correlation] + figures
    }

    /// The same where each variable is a parameter of its own.
    var query: [Property] {
        let each = Property(
            "variables",
            .object(
                "Each variable is a parameter of its own: x1=normal:0:1&x[2:5]=exponential:1.", [],
                ObjectForm(leastMembers: 1, others: .init(named: Self.names, .distributionText))
            )
            .withExamples([.object([("x1", .string("normal:0:1")), ("x2", .string("normal:0:1"))])]),
            isRequired: false)
        let flat = Property(
            "correlation",
            .list(
                of: .number(), "The correlation matrix of the Gaussian copula, row by row; independent when left out.",
                ListForm(least: 1)), isRequired: false)
        return [g, threshold.property, event.property, each, flat] + figures
    }

    private var figures: [Property] {
        [
            method.property, relativeError.property.excluding(["n", "shard"]), n.property, maximumEvaluations.property,
            confidence.property, seed.property, shard.property,
        ]
    }
}
