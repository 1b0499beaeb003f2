/// The columns as tables.
package struct QualityTable: Sendable {
    private let columns: [QualityColumn]

    package init(_ columns: [QualityColumn]) { self.columns = columns }

    /// A table in Markdown: a row a mask, a column a method, `12.34 ± 0.12` in each cell, the best of a row in bold.
    package func markdown(_ measure: QualityColumn.Measure) -> String {
        let models = Self.distinct(columns.map(\.model).filter { !$0.isEmpty })
        func name(_ column: QualityColumn) -> String {
            models.count > 1 && !column.model.isEmpty ? "\(column.method) (\(column.model))" : column.method
        }
        let names = Self.distinct(columns.map(name))
        var table = MarkdownTable(columns: ["mask"] + names)
        for mask in Self.distinct(columns.map(\.mask)) {
            let row = names.map { wanted in columns.first { $0.mask == mask && name($0) == wanted } }
            let moments = row.map { $0?.moments(measure) }
            let best = moments.compactMap { $0.flatMap { $0.count > 0 ? $0.mean : nil } }.max()
            table.append(
                [mask]
                    + moments.map { moments in
                        guard let moments, moments.count > 0 else { return "–" }
                        let mean = moments.mean.fixed(measure.decimals)
                        let error = moments.standardErrorOfMean.map { " ± " + $0.fixed(measure.decimals) } ?? ""
                        return (moments.mean == best ? "**\(mean)**" : mean) + error
                    })
        }
        return "\(table)"
    }

    /// A line for each image under each mask by each method.
    package var csv: String {
        var lines = ["model,mask,method,image,psnr,ssim,log_likelihood"]
        for column in columns {
            for (index, score) in column.scores.enumerated() {
                let psnr = score.psnr.isFinite ? "\(score.psnr)" : ""
                lines.append(
                    [
                        Self.quoted(column.model), Self.quoted(column.mask), Self.quoted(column.method), "\(index)",
                        psnr,
                        score.ssim.map { "\($0)" } ?? "", "\(score.logLikelihood)",
                    ].joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
