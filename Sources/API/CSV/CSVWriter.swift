/// Writes a table (RFC 4180, but with the line ends of this system): a line of names, then a line
/// a row. Numbers read back as the same doubles; what has no value is an empty cell.
struct CSVWriter {
    private(set) var bytes: [UInt8] = []
    private var isLineStart = true

    init(_ names: [String]) {
        for name in names { append(text: name) }
        endLine()
    }

    /// A name, which needs no quotes.
    mutating func append(text: String) {
        precondition(!text.utf8.contains { ",\"\n\r".utf8.contains($0) }, "\(text) would need quotes")
        cell(text)
    }

    mutating func append(_ value: Int) { cell(String(value)) }

    mutating func append(_ value: Double?) {
        guard let value, value.isFinite else { return cell("") }
        let text = value.description
        cell(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        isLineStart = true
    }

    private mutating func cell(_ text: String) {
        if !isLineStart { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: text.utf8)
        isLineStart = false
    }
}
