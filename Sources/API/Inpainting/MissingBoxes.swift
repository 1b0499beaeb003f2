/// Boxes of missing pixels: half-open ranges of rows and columns, either of which may be left out
/// for all of them.
struct MissingBoxes {
    let shape: ImageShape

    /// `{"rows": [5, 12], "columns": [5, 20]}`, or a list of such boxes.
    func read(_ json: JSON, at pointer: String, into known: inout [Bool]) throws {
        if case .array(let boxes) = json {
            for (index, box) in boxes.enumerated() {
                try readOne(box, at: "\(pointer)/\(index)", into: &known)
            }
        } else {
            try readOne(json, at: pointer, into: &known)
        }
    }

    private func readOne(_ json: JSON, at pointer: String, into known: inout [Bool]) throws {
        var fields = try Fields(json, at: pointer)
        let rows = try range("rows", shape.rows, from: &fields)
        let columns = try range("columns", shape.columns, from: &fields)
        try fields.finish()
        guard rows != nil || columns != nil else {
            throw Problem.invalid("A box of missing pixels has “rows” or “columns”.", .pointer(pointer))
        }
        clear(rows, columns, in: &known)
    }

    private func range(
        _ name: String, _ size: Int, from fields: inout Fields
    ) throws -> Range<Int>? {
        guard let json = try fields.json(name) else { return nil }
        let ends = json.elements?.map(\.double)
        guard let ends, ends.count == 2, let first = ends[0], let second = ends[1],
            let start = Int(exactly: first), let end = Int(exactly: second)
        else {
            throw Problem.invalid(
                "“\(name)” is two whole numbers, [first, one past the last].", fields.culprit(name))
        }
        return try checked(start, end, name, size, fields.culprit(name))
    }

    /// `rows=5:12&columns=5:20` of a query.
    func read(from fields: inout Fields, into known: inout [Bool]) throws {
        let rows = try textRange("rows", shape.rows, from: &fields)
        let columns = try textRange("columns", shape.columns, from: &fields)
        if rows != nil || columns != nil { clear(rows, columns, in: &known) }
    }

    private func textRange(
        _ name: String, _ size: Int, from fields: inout Fields
    ) throws -> Range<Int>? {
        guard let text = try fields.string(name) else { return nil }
        let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1] else {
            throw Problem.malformed(
                "“\(name)” is first:one-past-the-last, such as 5:12, not “\(text.prefix(40))”.",
                fields.culprit(name))
        }
        return try checked(start, end, name, size, fields.culprit(name))
    }

    private func checked(
        _ start: Int, _ end: Int, _ name: String, _ size: Int, _ culprit: Problem.Culprit
    ) throws -> Range<Int> {
        guard start < end else {
            throw Problem.invalid(
                "“\(name)” is an empty range: \(start) up to but not including \(end).", culprit)
        }
        guard start >= 0 && end <= size else {
            throw Problem.invalid(
                "“\(name)” \(start):\(end) leaves the image, which has \(name) 0:\(size).", culprit)
        }
        return start..<end
    }

    private func clear(_ rows: Range<Int>?, _ columns: Range<Int>?, in known: inout [Bool]) {
        for row in rows ?? 0..<shape.rows {
            for column in columns ?? 0..<shape.columns {
                known[row * shape.columns + column] = false
            }
        }
    }
}
