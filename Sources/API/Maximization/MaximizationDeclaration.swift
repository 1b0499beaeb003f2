import GradientEstimation

/// The fields of `/maximize`.
enum MaximizationFields {
    private static let limits = MaximizationSpecification.Limits()
    private static let form = ListForm(least: 1, most: limits.dimension)

    /// Read with the variables.
    static let f = Property.required(
        "f", .expression("The function to maximize, an expression in the variables."), .string("-(x-2)^2-y^2"))
    static let variables: Field<[String]> = Field(
        .required(
            "variables",
            .list(
                of: .text("", TextForm(pattern: "^[A-Za-z_][A-Za-z0-9_]{0,99}$")), "The names of the variables in f.",
                ListForm(least: 1, most: limits.dimension, areDistinct: true)),
            .array([.string("x"), .string("y")]))
    ) { fields in
        guard let names = try fields.strings("variables") else {
            throw fields.missing("variables", "the names in “f”")
        }
        return names
    }
    static let start: Field<[Double]> = .numbers(
        "start", .list(of: .number(), "Where the ascent starts, one number for each variable.", form),
        example: .numbers([0, 0]), expected: "a number for each variable")
    /// Read once the start's dimension is known.
    static let constraints = Property(
        "constraints",
        .anyOf(
            [.constraints, .null],
            "The convex set to stay in; none when left out. For each coordinate an interval, a fixed value or null, as in "
                + "[{\"min\": 0, \"max\": 1}, {\"fixed\": 2}, null]; or one of {\"ball\": {\"center\": [0, 0], \"radius\": 1}}, {\"simplex\": 1} and "
                + "{\"half_space\": {\"normal\": [1, 1], \"offset\": 1}}."),
        isRequired: false)
    static let stepSize: Field<Double?> = .automatic(
        "step_size", in: Positive(), "The step along the gradient, or auto for a line search.")
    static let iterations: Field<Int> = .integer(
        "iterations", in: 1...limits.iterations, default: 1000, "The most steps to take.")
    static let tolerance: Field<Double?> = .number(
        "tolerance", in: NonNegative(),
        "Stop when the projected gradient is shorter than this. Left out: stop within a relative distance of 1e-9 to the "
            + "maximizer.")

    static let all = [
        f, variables.property, start.property, constraints, stepSize.property, iterations.property, tolerance.property,
    ]
}

extension Declaration {
    /// `POST /maximize`
    static var maximize: Declaration {
        let ball = JSON.object([("ball", .object([("center", .numbers([0, 0])), ("radius", .integer(1))]))])
        let example = JSON.object([
            ("f", .string("-(x-2)^2-y^2")), ("variables", .array([.string("x"), .string("y")])),
            ("start", .numbers([0, 0])), ("constraints", ball),
        ])
        return Declaration(
            "/maximize", .convexSets, "Maximize within a convex set",
            [
                Operation(
                    .post, "maximize", "Projected gradient ascent on an expression.",
                    body: [.json(.object("What to maximize, and where.", MaximizationFields.all), example: example)])
            ],
            answer: Answer(
                "The maximizer.",
                [
                    .json(.maximizationReport),
                    .csv(
                        "A line for each point of the path: iteration, the variables, value, projected_gradient_norm."),
                    .svg,
                ]),
            example: Example(
                "/maximize",
                .json(
                    #"{"f": "-(x-2)^2-(y-3)^2", "variables": ["x", "y"], "start": [0, 0], "constraints": [{"fixed": 1}, {"min": 0, "max": 1}]}"#
                )))
    }
}

extension Schema {
    fileprivate static let maximizationReport = named(
        "MaximizationReport",
        object(
            "The maximizer and the path to it.",
            [
                .always("maximizer", column("The best point.")), .always("value", number("f there.").orNull),
                .always("iterations", count("Gradient evaluations after the start's.")),
                .always(
                    "stopped",
                    words(
                        of: MaximizationReport.Stopped.self,
                        "Why it stopped: precision where no step that a double can express raises f further, unbounded where f rises "
                            + "beyond every double, or still does where a coordinate has reached 1e300.")),
                .always("projected_gradient_norm", number("At the maximizer.").orNull),
                .always(
                    "trace",
                    object(
                        "The path, in columns.",
                        [
                            .always("iteration", list(of: integer("", from: 0), "Point 0 is the start.")),
                            .always("point", list(of: column("A coordinate for each variable."), "The points.")),
                            .always("value", column("f there.")),
                            .always(
                                "projected_gradient_norm", column("The distance to the next point at a step of 1.")),
                        ])),
                .sometimes(
                    "warning", text("Why the point may be no maximizer: f has a kink there, or is higher beside it.")),
            ]))
}
