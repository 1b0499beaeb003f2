extension Schema {
    /// What `Constraints` reads.
    static let constraints = named(
        "Constraints",
        anyOf(
            [
                list(
                    of: anyOf([fixedCoordinate, interval, .null]), "One entry for each coordinate.", ListForm(least: 1)),
                object("A ball.", [.always("ball", ball)]),
                object(
                    "A simplex.",
                    [
                        .always(
                            "simplex",
                            number(
                                "The sum of the coordinates, none of which is negative.", NumberBounds(from: 0)))
                    ]),
                object("A half-space.", [.always("half_space", halfSpace)]),
            ],
            "A convex set: for each coordinate an interval, a fixed value or null, as in [{\"min\": 0, \"max\": 1}, {\"fixed\": 2}, null]; or "
                + "one of {\"ball\": {\"center\": [0, 0], \"radius\": 1}}, {\"simplex\": 1} and "
                + "{\"half_space\": {\"normal\": [1, 1], \"offset\": 1}}.")
    )

    private static let fixedCoordinate = object("A fixed coordinate.", [.always("fixed", number("Its value."))])

    private static let interval = object(
        "An interval; either end may be left out.",
        [.sometimes("min", number("The least value.")), .sometimes("max", number("The greatest value."))])

    private static let ball = object(
        "All points within the radius of the center.",
        [
            .always("center", list(of: number(), "The center.", ListForm(least: 1))),
            .always("radius", number("The radius.", NumberBounds(from: 0))),
        ])

    private static let halfSpace = object(
        "All points with normal·x ≤ offset.",
        [
            .always("normal", list(of: number(), "The normal vector, not 0.", ListForm(least: 1))),
            .always("offset", number("The bound b of normal·x ≤ b.")),
        ])
}
