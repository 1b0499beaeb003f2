/// Rows and columns of missing pixels: half-open ranges, either of which may be left out for all of them.
struct MissingBox {
    let shape: ImageShape
    let rows, columns: Range<Int>?

    func clear(_ known: inout [Bool]) {
        for row in rows ?? 0..<shape.rows {
            for column in columns ?? 0..<shape.columns {
                known[row * shape.columns + column] = false
            }
        }
    }
}

/// Reads boxes of missing pixels.
struct MissingBoxes {
    let shape: ImageShape
    /// The most boxes of one request: more than an image has pixels say nothing more.
    private var most: Int { max(shape.count, 1) }

    /// `{"rows": [5, 12], "columns": [5, 20]}`, or a list of such boxes.
    func read(_ json: JSONNode, at pointer: String, into known: inout [Bool]) throws {
        guard let boxes = json.elements else { return try one(json, at: pointer).clear(&known) }
        if let count = json.count, count > most {
            throw Problem.invalid("At most \(most) boxes are accepted, not \(count).", .pointer(pointer))
        }
        for (index, box) in boxes.enumerated() {
            try one(box, at: "\(pointer)/\(index)").clear(&known)
        }
    }

    private func one(_ json: JSONNode, at pointer: String) throws -> MissingBox {
        var fields = try Fields(json, at: pointer)
        let rows = try range("rows", shape.rows, from: &fields)
        let columns = try range("columns", shape.columns, from: &fields)
        try fields.finish()
        guard rows != nil || columns != nil else {
            throw Problem.invalid(
                "A box of missing pixels must have “rows”, “columns” or both.", .pointer(pointer))
        }
        return MissingBox(shape: shape, rows: rows, columns: columns)
    }

    private func range(
        _ name: String, _ size: Int, from fields: inout Fields
    ) throws -> Range<Int>? {
        guard let json = try fields.json(name) else { return nil }
        guard json.count == 2, let ends = json.numbers, let start = Int(exactly: ends[0]),
            let end = Int(exactly: ends[1])
        else {
            throw Problem.invalid(
                "“\(name)” must be two whole numbers: the first, and one past the last.", fields.culprit(name))
        }
        return try checked(start, end, name, size, fields.culprit(name))
    }

    /// `rows=5:12&columns=5:20` of a query; nil where it has neither.
    func read(from query: inout Fields) throws -> MissingBox? {
        let rows = try textRange("rows", shape.rows, from: &query)
        let columns = try textRange("columns", shape.columns, from: &query)
        return rows == nil && columns == nil ? nil : MissingBox(shape: shape, rows: rows, columns: columns)
    }

    private func textRange(
        _ name: String, _ size: Int, from fields: inout Fields
    ) throws -> Range<Int>? {
        guard let text = try fields.string(name) else { return nil }
        let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1] else {
            throw Problem.malformed(
                "“\(name)” must be the first and one past the last, such as 5:12, not \(text.quoted).",
                fields.culprit(name))
        }
        return try checked(start, end, name, size, fields.culprit(name))
    }

    private func checked(
        _ start: Int, _ end: Int, _ name: String, _ size: Int, _ culprit: Problem.Culprit
    ) throws -> Range<Int> {
        guard start < end else {
            throw Problem.invalid(
                start == end
                    ? "“\(name)” must not be empty: \(start):\(end) is the first and one past the last. One alone is \(start):\(start.addingReportingOverflow(1).partialValue)."
                    : "“\(name)” must not be empty: \(start):\(end) ends before it begins.", culprit)
        }
        guard start >= 0 && end <= size else {
            throw Problem.invalid(
                "“\(name)” must lie within the image's 0:\(size), not \(start):\(end).", culprit)
        }
        return start..<end
    }
}
