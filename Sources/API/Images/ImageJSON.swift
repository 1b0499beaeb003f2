/// Grids of numbers in JSON: rows of numbers or one flat list, row-major.
struct ImageJSON {
    let shape: ImageShape

    /// Every cell of a grid with the pointer that names it. `name` is what errors call the grid.
    ///
    /// - Throws: `Problem` 422 at the row that has the wrong length, or at the grid.
    private func forEachCell(
        _ json: JSON, _ name: String, at pointer: String,
        _ body: (Int, JSON, () -> Problem.Culprit) throws -> Void
    ) throws {
        guard let count = json.count else {
            throw Problem.invalid(
                "“\(name)” is \(shape.description), not \(json.kind).", .pointer(pointer))
        }
        let isFlat = !(0..<count).contains { json.element($0).count != nil }
        if isFlat {
            guard count == shape.count else {
                throw Problem.invalid(
                    "“\(name)” is \(shape.description), and has \(count) numbers.",
                    .pointer(pointer))
            }
            for index in 0..<count {
                try body(index, json.element(index)) { .pointer("\(pointer)/\(index)") }
            }
            return
        }
        guard count == shape.rows else {
            throw Problem.invalid(
                "“\(name)” is \(shape.description), and has \(count) rows.",
                .pointer(pointer))
        }
        for row in 0..<count {
            let cells = json.element(row)
            guard cells.count == shape.columns else {
                let found = cells.count.map { "\($0) numbers" } ?? cells.kind
                throw Problem.invalid(
                    "Row \(row) of “\(name)” is a list of \(shape.columns) numbers, not \(found).",
                    .pointer("\(pointer)/\(row)"))
            }
            for column in 0..<shape.columns {
                try body(row * shape.columns + column, cells.element(column)) {
                    .pointer("\(pointer)/\(row)/\(column)")
                }
            }
        }
    }

    /// Pixels, nil where the image has null. `places` names each for later errors.
    func pixels(_ json: JSON, _ name: String, at pointer: String) throws -> [Double?] {
        var pixels = [Double?](repeating: nil, count: shape.count)
        try forEachCell(json, name, at: pointer) { index, cell, culprit in
            if case .null = cell { return }
            guard let value = cell.double else {
                throw Problem.invalid("A pixel is a number or null, not \(cell.kind).", culprit())
            }
            pixels[index] = value
        }
        return pixels
    }

    /// Numbers without nulls, each in 0…1 where `isImage`.
    func numbers(
        _ json: JSON, _ name: String, at pointer: String, isImage: Bool = true
    ) throws -> [Double] {
        var numbers = [Double](repeating: 0, count: shape.count)
        try forEachCell(json, name, at: pointer) { index, cell, culprit in
            guard let value = cell.double else {
                throw Problem.invalid(
                    "“\(name)” holds numbers, and here \(cell.kind).", culprit())
            }
            guard !isImage || (value >= 0 && value <= 1) else {
                throw Problem.invalid(
                    "A pixel lies in 0…1 (0 black, 1 white), not at \(JSONText.number(value)).",
                    culprit())
            }
            numbers[index] = value
        }
        return numbers
    }

    /// True where the mask has 1 or true.
    func mask(_ json: JSON, _ name: String, at pointer: String) throws -> [Bool] {
        var mask = [Bool](repeating: false, count: shape.count)
        try forEachCell(json, name, at: pointer) { index, cell, culprit in
            switch cell {
            case .bool(let value): mask[index] = value
            case .number(0), .integer(0): break
            case .number(1), .integer(1): mask[index] = true
            default:
                throw Problem.invalid(
                    "A mask holds 1 or true (known) and 0 or false (missing).", culprit())
            }
        }
        return mask
    }

    /// How a flat place is written in a pointer to an image given as rows.
    func pointer(to index: Int, under pointer: String) -> String {
        "\(pointer)/\(index / shape.columns)/\(index % shape.columns)"
    }

    /// An image as rows, in single precision.
    func rows(_ image: [Float]) -> JSON {
        .array(shape.rows(image).map { .singles(Array($0)) })
    }

    func rows(_ image: [Double]) -> JSON {
        .array(shape.rows(image).map { .numbers(Array($0)) })
    }
}
