extension ProbabilityBenchmark {
    /// The tables of `riviera benchmark probability`: of each problem Riviera's methods, then the peers'.
    package static func table(_ rows: [Row]) -> MarkdownTable {
        var table = MarkdownTable(columns: [
            "problem, method", "estimate / truth", "interval covers", "evaluations", "evaluations/s",
        ])
        for problem in rows.map(\.problem).uniqued {
            for row in rows where row.problem == problem {
                table.append([
                    "\(row.problem), \(row.method)", row.ratio.isFinite ? row.ratio.fixed(3) : "–",
                    row.coverage.map { $0 == 1 ? "yes" : $0 == 0 ? "no" : "\(($0 * 100).fixed(1)) %" } ?? "–",
                    row.evaluations.isFinite ? "\(row.evaluations.fixed(0))" : "–", row.rate.threeDigits,
                ])
            }
        }
        return table
    }

    package static func table(_ speeds: [Speed]) -> MarkdownTable {
        let names = speeds.map(\.name).uniqued
        var table = MarkdownTable(
            columns: ["evaluations of g a second, one thread"] + names + names.dropFirst().map { "of \($0)" })
        for problem in speeds.map(\.problem).uniqued {
            let rates = names.map { name in speeds.first { $0.problem == problem && $0.name == name }?.rate }
            let ratios = rates.dropFirst().map { rate in
                rates[0].flatMap { own in rate.map { (own / $0).threeDigits + "×" } } ?? "–"
            }
            table.append([problem] + rates.map { $0?.threeDigits ?? "–" } + ratios)
        }
        return table
    }
}

extension [String] {
    /// Each once, where it comes first.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
