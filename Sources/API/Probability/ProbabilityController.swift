import Compute
import HTTP
import HTTPTypes
import RareEvents
import Statistics

/// `GET` and `POST /probability`: the probability of a rare event of any formula.
struct ProbabilityController: Sendable {
    let compute: Compute
    private let declared: ProbabilityFields

    init(compute: Compute, configuration: APIConfiguration) {
        self.compute = compute
        declared = ProbabilityFields(mostEvaluations: configuration.maximumEvaluations)
    }

    var endpoint: Endpoint { Endpoint(.probability(declared), action: respond) }

    @Sendable private func respond(to call: Call) async throws -> Response {
        let type = try call.responseType(among: [.json, .csv, .svg, .ndjson])
        let isGet = call.request.method != .post
        var fields = try await call.queryOrBodyFields()
        let request = try await ProbabilityRequest(&fields, declared, isQuery: isGet)
        if type == .svg && request.inputs.count != 2 {
            throw Problem.invalid(
                "A picture shows two variables, not \(request.inputs.count): accept JSON or CSV.",
                isGet ? .parameter("format") : request.fields.culprit("variables"))
        }
        let tag = isGet && request.isSeeded && type != .ndjson ? EntityTag(call, type) : nil
        if let response = tag?.notModified(for: call) { return response }
        let context = call.context(streaming: type == .ndjson)
        let compiled = try await compute.perform(in: context) { [g = request.g] _ in ExpressionLimitState(g) }
        let function = compiled.value
        try call.request.memory.reserve(
            function.memory(width: Self.width, threads: compute.configuration.threads)
                + Self.keptDraws * (request.inputs.count + 4) * MemoryLayout<Double>.size)
        let problem = try await request.fields.blaming {
            try LimitStateProblem(
                function, of: request.inputs, threshold: request.threshold, event: request.event)
        }
        let run = Run(compute: compute, request: request, function: function, problem: problem, context: context)
        let reproduce: JSON =
            isGet
            ? .string(request.url)
            : .object([("seed", .integer(Int(request.specification.seed)))])
        if type == .ndjson {
            return .progress(call) {
                ProbabilityOutcome.progress($0, of: request)
            } _: { progress in
                let report = try await run.report(progress)
                let outcome = ProbabilityOutcome(request: request, report: report.value, reproduce: reproduce)
                return (outcome.json, compiled.timing + report.timing)
            }
        }
        let report = try await run.report()
        let timing = compiled.timing + report.timing
        let response: Response
        switch type {
        case .csv: response = .pieces(report.value.csv(of: request.variables.names), .csv, timing: timing)
        case .svg:
            let figure = try await compute.draw(LimitStateFigure(of: request, function, report.value), in: context)
            response = .pieces(BytePieces(figure.value), .svg, timing: timing + figure.timing)
        default:
            let outcome = ProbabilityOutcome(request: request, report: report.value, reproduce: reproduce)
            response = .json(outcome.json, timing: timing)
        }
        return tag?.marked(response) ?? response
    }

    /// Points at once, and draws that a report keeps, at most: for the memory that is counted.
    private static let width = 1024, keptDraws = 4096
}

/// One estimate, whose errors blame the request's fields.
private struct Run {
    let compute: Compute
    let request: ProbabilityRequest
    let function: ExpressionLimitState
    let problem: LimitStateProblem
    let context: WorkContext

    func report(_ progress: ProgressChannel<LimitStateProgress>? = nil) async throws -> Timed<LimitStateReport> {
        do {
            return try await reportingPartial {
                try await compute.estimate(problem, request.specification, in: context, progress: progress)
            } partial: { (progress: LimitStateProgress) in
                ProbabilityOutcome.progress(progress, of: request)
            }
        } catch LimitStateError.undefined(let point) {
            throw Problem.invalid("In “g”, \(function.failure(at: point)).", request.fields.culprit("g"))
        }
    }
}
