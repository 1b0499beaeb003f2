import GradientEstimation

extension MaximizationReport {
    func json(of specification: MaximizationSpecification) -> JSON {
        .object(
            [
                ("maximizer", .array(maximizer.map { .optional($0) })),
                ("value", .optional(value)),
                ("iterations", .integer(iterations)),
                ("stopped", .string(stopped.rawValue)),
                ("projected_gradient_norm", .optional(projectedGradientNorm)),
                (
                    "trace",
                    .object([
                        ("iteration", column { .integer($0.iteration) }),
                        ("point", column(areNested: true) { .array($0.x.map { .optional($0) }) }),
                        ("value", column { .optional($0.value) }),
                        ("projected_gradient_norm", column { .optional($0.projectedGradientNorm) }),
                    ])
                ),
            ] + (warning.map { [("warning", .string($0))] } ?? []))
    }

    /// A value of each point of the trace.
    private func column(
        areNested: Bool = false, _ value: @escaping @Sendable (MaximizationReport.Point) -> JSON
    ) -> JSON {
        .generated(trace.count, areNested: areNested) { [trace] in value(trace[$0]) }
    }

    /// A line for each point of the path, a column for each variable. Every column has a name of its own: a variable that
    /// is called as another column is becomes `variable_value`.
    func csv(of specification: MaximizationSpecification) -> CSVWriter {
        let own = ["iteration", "value", "projected_gradient_norm"]
        let names = CSVNames.variables(specification.f.variables, beside: own)
        return CSVWriter(
            [own[0]] + names + own[1...], rows: trace.count
        ) { [trace] index, row in
            let point = trace[index]
            row.append(point.iteration)
            for x in point.x { row.append(x) }
            row.append(point.value)
            row.append(point.projectedGradientNorm)
        }
    }
}

extension MaximizationReport.Point {
    /// What had been reached when a deadline passed.
    var json: JSON {
        .object([
            ("iteration", .integer(iteration)), ("point", .array(x.map { .optional($0) })),
            ("value", .optional(value)),
            ("projected_gradient_norm", .optional(projectedGradientNorm)),
        ])
    }
}
