// What `MaskedImage` reads, as schemas.
extension Schema {
    /// An image in which null marks a missing pixel.
    static func maskedImage(_ shape: ImageShape?) -> Schema {
        grid(
            of: .number("", NumberBounds(from: 0, to: 1)).orNull, shape,
            "The image, as rows of grey levels from 0 (black) to 1 (white) or as one flat list; null marks a missing pixel."
        )
    }

    /// What `MissingBoxes` reads.
    static func missingBox(_ shape: ImageShape?) -> Schema {
        func range(_ name: String, _ size: Int?) -> Property {
            .sometimes(
                "\(name)s",
                pair(
                    of: integer("", from: 0, to: size),
                    "First \(name) and the one after the last; all when left out."))
        }
        return named(
            "MissingBox",
            object(
                "A box of missing pixels.", [range("row", shape?.rows), range("column", shape?.columns)],
                ObjectForm(leastMembers: 1)))
    }
}

extension [Property] {
    /// `mask` and `missing` of a request object.
    static func holes(_ shape: ImageShape?) -> [Property] {
        let cell = Schema.anyOf([.boolean(""), .constant(.integer(0)), .constant(.integer(1))])
        let box = Schema.missingBox(shape)
        let example = JSON.object([("rows", .numbers([5, 12])), ("columns", .numbers([5, 20]))])
        return [
            Property.field(
                "mask",
                .grid(
                    of: cell, shape, "Which pixels are known: 1 or true for known, 0 or false for missing."),
                default: nil
            ).playing(.mask),
            .field(
                "missing",
                .anyOf(
                    [box, .list(of: box, "", ListForm(most: shape?.count))],
                    "A box of missing pixels, or a list of boxes, in addition to the mask."), default: nil, example),
        ]
    }

    /// `rows` and `columns` of a query.
    static var boxes: [Property] { [range("rows", "5:12"), range("columns", "5:20")] }

    private static func range(_ name: String, _ example: String) -> Property {
        .field(
            name,
            .text(
                "Missing \(name) as first:one-past-the-last, counted from 0, in addition to what is missing in the body.",
                TextForm(pattern: "^[0-9]+:[0-9]+$", format: "range")), default: nil, .string(example))
    }
}
