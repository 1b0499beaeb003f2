/// A table in Markdown: the first column is text, the others are numbers, set to the right.
package struct MarkdownTable: CustomStringConvertible {
    private let columns: [String]
    private var rows: [[String]] = []

    package init(columns: [String]) { self.columns = columns }

    package var isEmpty: Bool { rows.isEmpty }

    /// - Parameter cells: one for each column.
    package mutating func append(_ cells: [String]) {
        precondition(cells.count == columns.count, "one cell a column")
        rows.append(cells)
    }

    /// The table, its columns padded so that a terminal shows them as such.
    package var description: String {
        let widths = columns.indices.map { column in
            ([columns] + rows).map { $0[column].count }.max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }
            return "| " + padded.joined(separator: " | ") + " |\n"
        }
        let rule = widths.enumerated().map { column, width in
            String(repeating: "-", count: width + 1) + (column == 0 ? "-" : ":")
        }
        return line(columns) + "|" + rule.joined(separator: "|") + "|\n" + rows.map(line).joined()
    }
}
