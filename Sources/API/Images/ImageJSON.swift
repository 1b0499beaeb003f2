/// Grids of numbers in JSON: rows of numbers or one flat list, row-major.
struct ImageJSON {
    let shape: ImageShape

    /// Every cell of a grid with the pointer that names it. `name` is what errors call the grid.
    ///
    /// - Throws: `Problem` 422 at the row that has the wrong length, or at the grid.
    private func forEachCell(
        _ json: JSONNode, _ name: String, at pointer: String,
        _ body: (Int, JSONNode, () -> Problem.Culprit) throws -> Void
    ) throws {
        guard let elements = json.elements, let count = json.count else {
            throw Problem.invalid(
                "“\(name)” must be \(shape.description), not \(json.kind).", .pointer(pointer))
        }
        if Self.isFlat(json) {
            guard count == shape.count else {
                throw Problem.invalid(
                    "“\(name)” must be \(shape.description); it has \(count) \(count == 1 ? "number" : "numbers").",
                    .pointer(pointer))
            }
            for (index, cell) in elements.enumerated() {
                try body(index, cell) { .pointer("\(pointer)/\(index)") }
            }
            return
        }
        guard count == shape.rows else {
            throw Problem.invalid(
                "“\(name)” must be \(shape.description); it has \(count) \(count == 1 ? "row" : "rows").",
                .pointer(pointer))
        }
        for (row, line) in elements.enumerated() {
            guard let cells = line.elements, line.count == shape.columns else {
                let found = line.count.map { "\($0) numbers" } ?? line.kind
                throw Problem.invalid(
                    "Row \(row) of “\(name)” must be a list of \(shape.columns) numbers, not \(found).",
                    .pointer("\(pointer)/\(row)"))
            }
            for (column, cell) in cells.enumerated() {
                try body(row * shape.columns + column, cell) { .pointer("\(pointer)/\(row)/\(column)") }
            }
        }
    }

    /// Whether an array is a flat list rather than one of rows.
    static func isFlat(_ json: JSONNode) -> Bool {
        json.numbers != nil || json.elements?.contains { $0.isArray } == false
    }

    /// Pixels, nil where the image has null.
    func pixels(_ json: JSONNode, _ name: String, at pointer: String) throws -> [Double?] {
        var pixels = [Double?](repeating: nil, count: shape.count)
        try forEachCell(json, name, at: pointer) { index, cell, culprit in
            if cell.isNull { return }
            guard let value = cell.double else {
                throw Problem.invalid("A pixel must be a number or null, not \(cell.kind).", culprit())
            }
            pixels[index] = value
        }
        return pixels
    }

    /// Numbers without nulls, each in 0…1 where `isImage`.
    func numbers(
        _ json: JSONNode, _ name: String, at pointer: String, isImage: Bool = true
    ) throws -> [Double] {
        var numbers = [Double](repeating: 0, count: shape.count)
        try forEachCell(json, name, at: pointer) { index, cell, culprit in
            guard let value = cell.double else {
                throw Problem.invalid(
                    "“\(name)” must hold only numbers; this is \(cell.kind)\(cell.isNull && isImage ? ", a missing pixel (of a PNG, a transparent one)" : "").",
                    culprit())
            }
            guard !isImage || (value >= 0 && value <= 1) else {
                throw Problem.invalid(
                    "A pixel must be between 0 (black) and 1 (white), not \(JSONText.number(value)).",
                    culprit())
            }
            numbers[index] = value
        }
        return numbers
    }

    /// True where the mask has 1 or true.
    func mask(_ json: JSONNode, _ name: String, at pointer: String) throws -> [Bool] {
        var mask = [Bool](repeating: false, count: shape.count)
        try forEachCell(json, name, at: pointer) { index, cell, culprit in
            if cell.bool == true || cell.double == 1 {
                mask[index] = true
            } else if cell.bool != false && cell.double != 0 {
                throw Problem.invalid(
                    "A mask must hold 1 or true (known) and 0 or false (missing).", culprit())
            }
        }
        return mask
    }

    /// The pointer to a pixel by its index, row-major, in an image that was given flat or as rows.
    func pointer(to index: Int, under pointer: String, isFlat: Bool) -> String {
        isFlat ? "\(pointer)/\(index)" : "\(pointer)/\(index / shape.columns)/\(index % shape.columns)"
    }

    /// An image as rows.
    func rows(_ image: [Float]) -> JSON { .rows(image, columns: shape.columns) }

    func rows(_ image: [Double]) -> JSON { .rows(image, columns: shape.columns) }
}
