/// Writes a table (RFC 4180, but with the line ends of this system) a piece at a time: a line of names, then a line
/// a row. Numbers read back as the same doubles; what has no value is an empty cell.
struct CSVWriter: PieceSource {
    private var row: CSVRow
    private let rows: Int
    private var next = 0
    private let write: @Sendable (Int, inout CSVRow) -> Void

    /// - Parameter write: appends the cells of row 0..<rows.
    init(_ names: [String], rows: Int, _ write: @escaping @Sendable (Int, inout CSVRow) -> Void) {
        self.rows = rows
        self.write = write
        row = CSVRow()
        for name in names { row.append(text: name) }
        row.end()
    }

    mutating func piece(_ size: Int) -> [UInt8]? {
        while row.bytes.count < size, next < rows {
            write(next, &row)
            row.end()
            next += 1
        }
        defer { row.bytes.removeAll() }
        return row.bytes.isEmpty ? nil : row.bytes
    }
}

/// The cells of a row of a table.
struct CSVRow {
    fileprivate(set) var bytes: [UInt8] = []
    private var isStart = true

    mutating func append(text: String) {
        guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return cell(text) }
        let quoted = text.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }
        cell("\"\(String(decoding: quoted, as: UTF8.self))\"")
    }

    mutating func append(_ value: Int) { cell(String(value)) }

    mutating func append(_ value: Double?) {
        guard let value, value.isFinite else { return cell("") }
        let text = value.description
        cell(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    fileprivate mutating func end() {
        bytes.append(UInt8(ascii: "\n"))
        isStart = true
    }

    private mutating func cell(_ text: String) {
        if !isStart { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: text.utf8)
        isStart = false
    }
}
