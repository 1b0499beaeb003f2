import Compute
import GradientEstimation
import HTTP
import HTTPTypes
import Projections

/// `POST /maximize`: projected gradient ascent on an expression.
struct MaximizationController: Sendable {
    let compute: Compute

    var endpoint: Endpoint { Endpoint(.maximize, action: respond) }

    @Sendable private func respond(to call: Call) async throws -> Response {
        try call.refuseQuery()
        let type = try call.responseType(among: [.json, .csv, .svg])
        _ = try call.bodyType(among: [.json])
        var fields = try Fields(try await call.jsonBody())
        let specification = try await read(&fields)
        if type == .svg && specification.start.count != 2 {
            throw Problem.invalid(
                "A picture shows two variables, not \(specification.start.count): accept JSON or CSV.",
                fields.culprit("variables"))
        }
        // The trace, while the reply is being taken.
        try call.request.memory.reserve(
            specification.iterations * (specification.start.count + 8) * MemoryLayout<Double>.size)
        let context = call.context()
        let work = try await fields.blaming {
            try await reportingPartial {
                try await compute.maximize(specification, in: context)
            } partial: { (point: MaximizationReport.Point) in
                point.json
            }
        }
        let report = work.value
        if type == .svg, let figure = MaximizationFigure(of: specification, report) {
            let drawn = try await compute.draw(figure, in: context)
            return .pieces(BytePieces(drawn.value), .svg, timing: work.timing + drawn.timing)
        }
        return type == .csv
            ? .pieces(report.csv(of: specification), .csv, timing: work.timing)
            : .json(report.json(of: specification), timing: work.timing)
    }

    private func read(_ fields: inout Fields) async throws -> MaximizationSpecification {
        let variables = try fields.read(MaximizationFields.variables)
        try await fields.blaming { try MaximizationSpecification.check(variables: variables) }
        let f = try fields.expression("f", of: variables)
        let start = try fields.read(MaximizationFields.start)
        var constraints: (any ConvexSet<Double>)?
        if let json = try fields.json("constraints"), !json.isNull {
            constraints = try Constraints(of: fields).read(json, dimension: start.count)
        }
        let stepSize = try fields.read(MaximizationFields.stepSize)
        let iterations = try fields.read(MaximizationFields.iterations)
        let tolerance = try fields.read(MaximizationFields.tolerance)
        try fields.finish()
        return try await fields.blaming {
            try MaximizationSpecification(
                f: f, constraints: constraints, start: start, stepSize: stepSize.map { .constant($0) } ?? .automatic,
                iterations: iterations, tolerance: tolerance)
        }
    }
}
