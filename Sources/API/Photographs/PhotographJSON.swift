/// Photographs in JSON: rows of grey levels, or rows of pixels that are three numbers; null is a missing pixel.
struct PhotographJSON {
    /// Pixels, at most.
    let limit: Int

    /// - Parameters:
    ///   - name: what errors call the photograph.
    ///   - pointer: to it.
    /// - Throws: `Problem` 422 at the row or the pixel that is wrong.
    func read(_ json: JSONNode, _ name: String, at pointer: String) throws -> SentPhotograph {
        let expected = "rows of numbers (grey), or rows of pixels of three numbers (red, green, blue)"
        guard let rows = json.elements, let height = json.count, height > 0, let columns = first(json)?.count,
            columns > 0
        else {
            throw Problem.invalid("“\(name)” must be \(expected), not \(json.kind).", .pointer(pointer))
        }
        guard columns <= limit, height <= limit / columns else {
            throw Problem.invalid(
                "“\(name)” is \(columns)×\(height) pixels, and at most \(limit) are taken (the setting "
                    + "photographs.max_pixels): send it smaller, or in pieces.",
                .pointer(pointer))
        }
        let channels = channels(json)
        var numbers: [Double] = [], known: [Bool] = []
        numbers.reserveCapacity(height * columns * channels)
        known.reserveCapacity(height * columns)
        for (row, line) in rows.enumerated() {
            guard let cells = line.elements, line.count == columns else {
                throw Problem.invalid(
                    "Row \(row) of “\(name)” must be a list of \(columns) pixels, as the first one is, not "
                        + (line.count.map { "\($0) of them" } ?? line.kind) + ".", .pointer("\(pointer)/\(row)"))
            }
            for (column, cell) in cells.enumerated() {
                let place = { "\(pointer)/\(row)/\(column)" }
                known.append(!cell.isNull)
                if cell.isNull {
                    for _ in 0..<channels { numbers.append(0) }
                } else if channels == 1 {
                    numbers.append(try sample(cell, place))
                } else {
                    guard cell.count == 3, let colors = cell.elements else {
                        throw Problem.invalid(
                            "A pixel must be three numbers or null here, not "
                                + (cell.count.map { "\($0) of them" } ?? cell.kind) + ".", .pointer(place()))
                    }
                    for (channel, color) in colors.enumerated() {
                        numbers.append(try sample(color) { "\(place())/\(channel)" })
                    }
                }
            }
        }
        return SentPhotograph(
            size: PNG.Size(width: columns, height: height), channels: channels, numbers: numbers, known: known)
    }

    /// Which pixels are known: 1 or true.
    func mask(_ json: JSONNode, _ name: String, at pointer: String, size: PNG.Size) throws -> [Bool] {
        let shape = ImageShape(rows: size.height, columns: size.width)
        return try ImageJSON(shape: shape).mask(json, name, at: pointer)
    }

    private func first(_ json: JSONNode) -> JSONNode? { json.elements?.first { _ in true } }

    /// Those of the first pixel that is not null.
    private func channels(_ json: JSONNode) -> Int {
        guard let lines = json.elements else { return 1 }
        for line in lines {
            guard line.numbers == nil, let cells = line.elements else { return 1 }
            for cell in cells where !cell.isNull { return cell.isArray ? 3 : 1 }
        }
        return 1
    }

    private func sample(_ json: JSONNode, _ place: () -> String) throws -> Double {
        guard let value = json.double else {
            throw Problem.invalid("A pixel must be a number or null here, not \(json.kind).", .pointer(place()))
        }
        guard value >= 0, value <= 1 else {
            throw Problem.invalid(
                "A pixel must be between 0 (black) and 1 (white), not \(JSONText.number(value)).", .pointer(place()))
        }
        return value
    }
}
