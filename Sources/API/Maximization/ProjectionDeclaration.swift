/// The fields of `/project`.
enum ProjectionFields {
    /// Sorting a simplex's coordinates is one piece of work, not to be left half done.
    static let mostCoordinates = 100_000

    static let point: Field<[Double]> = .numbers(
        "point", .list(of: .number(), "The point to project.", ListForm(least: 1, most: mostCoordinates)),
        example: .numbers([3, 2]), expected: "a list of numbers")
    /// Read once the point's dimension is known.
    static let constraints = Property.required("constraints", .constraints)
}

extension Declaration {
    /// `POST /project`
    static var project: Declaration {
        let constraints = JSON.array([
            .object([("fixed", .integer(1))]), .object([("min", .integer(0)), ("max", .integer(1))]),
        ])
        return Declaration(
            "/project", .convexSets, "Nearest point of a convex set",
            [
                Operation(
                    .post, "project", "The point of a convex set that is nearest to the given one.",
                    body: [
                        .json(
                            .object(
                                "A point and a convex set.",
                                [ProjectionFields.point.property, ProjectionFields.constraints]),
                            example: .object([("point", .numbers([3, 2])), ("constraints", constraints)]))
                    ])
            ],
            answer: Answer(
                "The nearest point.",
                [
                    .json(
                        .object(
                            "The nearest point.",
                            [
                                .always("projection", .numbers("The nearest point.")),
                                .always("distance", .number("How far it is.").orNull),
                            ]))
                ]),
            example: Example(
                "/project", .json(#"{"point": [3, -2], "constraints": [{"fixed": 1}, {"min": 0, "max": 1}]}"#)))
    }
}
