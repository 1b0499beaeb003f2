import GradientEstimation

extension MaximizationReport {
    func json(of specification: MaximizationSpecification) -> JSON {
        .object([
            ("maximizer", .array(maximizer.map { .optional($0) })),
            ("value", .optional(value)),
            ("iterations", .integer(iterations)),
            ("stopped", .string(stopped.rawValue)),
            ("projected_gradient_norm", .optional(projectedGradientNorm)),
            ("trace", .object([
                ("iteration", .array(trace.map { .integer($0.iteration) })),
                ("point", .array(trace.map { .array($0.x.map { .optional($0) }) })),
                ("value", .array(trace.map { .optional($0.value) })),
                ("projected_gradient_norm", .array(trace.map { .optional($0.projectedGradientNorm) })),
            ])),
        ])
    }

    /// A line for each point of the path, a column for each variable.
    func csv(of specification: MaximizationSpecification) -> [UInt8] {
        var table = CSVWriter(
            ["iteration"] + specification.f.variables + ["value", "projected_gradient_norm"])
        for point in trace {
            table.append(point.iteration)
            for x in point.x { table.append(x) }
            table.append(point.value)
            table.append(point.projectedGradientNorm)
            table.endLine()
        }
        return table.bytes
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
