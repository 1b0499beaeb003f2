import Compute
import GradientEstimation
import HTTP
import HTTPTypes
import Projections

/// `POST /maximize`: projected gradient ascent on an expression.
struct MaximizationController: Sendable {
    let compute: Compute

    var endpoint: Endpoint {
        Endpoint(
            .post, "/maximize",
            example: Example(
                "/maximize",
                .json(
                    #"{"f": "-(x-2)^2-(y-3)^2", "variables": ["x", "y"], "start": [0, 0], "constraints": [{"fixed": 1}, {"min": 0, "max": 1}]}"#
                )),
            action: respond)
    }

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
        guard let variables = try fields.strings("variables") else {
            throw Problem.invalid(
                "“variables” is missing: the names in “f”.", fields.culprit("variables"))
        }
        try await fields.blaming { try MaximizationSpecification.check(variables: variables) }
        let f = try fields.expression("f", of: variables)
        guard let start = try fields.numbers("start") else {
            throw Problem.invalid(
                "“start” is missing: a number for each variable.", fields.culprit("start"))
        }
        var constraints: (any ConvexSet<Double>)?
        if let json = try fields.json("constraints"), !json.isNull {
            constraints = try Constraints(of: fields).read(json, dimension: start.count)
        }
        let stepSize = try stepSize(&fields)
        let iterations = try fields.integer("iterations", in: 1...10_000) ?? 1000
        let tolerance = try fields.double("tolerance", in: NonNegative())
        try fields.finish()
        return try await fields.blaming {
            try MaximizationSpecification(
                f: f, constraints: constraints, start: start, stepSize: stepSize,
                iterations: iterations, tolerance: tolerance)
        }
    }

    private func stepSize(_ fields: inout Fields) throws -> MaximizationSpecification.StepSize {
        if fields.isWord("step_size", "auto") {
            _ = fields.take("step_size")
            return .automatic
        }
        if case .json(let json)? = fields.peek("step_size"), json.stringLength > 0 {
            let text = try fields.string("step_size") ?? ""
            throw Problem.invalid(
                "“step_size” must be \"auto\" or a number, not \(text.quoted).", fields.culprit("step_size"))
        }
        return try fields.double("step_size", in: Positive()).map { .constant($0) } ?? .automatic
    }
}
