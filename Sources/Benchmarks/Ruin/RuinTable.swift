extension RuinBenchmark {
    /// The table of `riviera benchmark ruin`.
    package static func table(_ rows: [Row]) -> MarkdownTable {
        let numpy = rows.first { $0.name.hasPrefix("NumPy") }, plain = rows.first { $0.name.hasPrefix("plain") }
        func ratio(_ row: Row, _ peer: Row?) -> String {
            peer.map { (row.gamesPerSecond / $0.gamesPerSecond).threeDigits + "×" } ?? "–"
        }
        var table = MarkdownTable(columns: [
            "", "threads", "games/s", "of NumPy", "of plain Python", "estimate",
        ])
        for row in rows {
            table.append([
                row.name, "\(row.threads)", row.gamesPerSecond.threeDigits, ratio(row, numpy),
                ratio(row, plain), row.estimate?.threeDigits ?? "–",
            ])
        }
        return table
    }
}
