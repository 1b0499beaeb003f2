// Images as schemas: their size is the loaded model's, and open where there is no model.
extension Schema {
    /// An image as clients send it: rows, or one flat list.
    static func image(_ shape: ImageShape?) -> Schema {
        named(
            "Image",
            grid(of: pixel, shape, "Rows of grey levels from 0 (black) to 1 (white), or one flat list."))
    }

    /// The same as replies have it.
    static func pixels(_ shape: ImageShape?, _ sentence: String) -> Schema { rows(of: pixel, shape, sentence) }

    private static let pixel = number("", NumberBounds(from: 0, to: 1))

    static func rows(of cell: Schema, _ shape: ImageShape?, _ sentence: String) -> Schema {
        list(of: list(of: cell, "A row.", ListForm(exactly: shape?.columns)), sentence, ListForm(exactly: shape?.rows))
    }

    /// Rows of cells, or all of them in one list, row-major.
    static func grid(of cell: Schema, _ shape: ImageShape?, _ sentence: String) -> Schema {
        anyOf([rows(of: cell, shape, "Rows."), flat(of: cell, shape, "One flat list.")], sentence)
    }

    static func flat(of cell: Schema, _ shape: ImageShape?, _ sentence: String) -> Schema {
        list(of: cell, sentence, ListForm(exactly: shape?.count))
    }

    /// Which weights an answer comes from.
    static let modelIdentity = object(
        "The model that was used.",
        [.always("name", text("Its name.")), .always("sha256", digest)])

    static let digest = text("The SHA-256 digest of its file.", TextForm(pattern: "^[0-9a-f]{64}$"))
}

extension ListForm {
    init(exactly count: Int?) { self.init(least: count ?? 1, most: count) }
}
