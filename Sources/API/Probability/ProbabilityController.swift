import Compute
import HTTP
import HTTPTypes
import RareEvents
import Statistics

/// `GET` and `POST /probability`: the probability of a rare event of any formula. `POST /probability/merge`: the answer of a run
/// from those of its shards.
struct ProbabilityController: Sendable {
    let compute: Compute
    private let declared: ProbabilityFields

    init(compute: Compute, configuration: APIConfiguration) {
        self.compute = compute
        declared = ProbabilityFields(mostEvaluations: configuration.maximumEvaluations)
    }

    var endpoints: [Endpoint] {
        [Endpoint(.probability(declared), action: respond), Endpoint(.probabilityMerge, action: merge)]
    }

    @Sendable private func respond(to call: Call) async throws -> Response {
        let type = try call.responseType(among: [.json, .csv, .svg, .ndjson])
        let isGet = call.request.method != .post
        var fields = try await call.queryOrBodyFields()
        let request = try await ProbabilityRequest(&fields, declared, isGet ? .query : .body)
        if type == .svg && request.inputs.count != 2 {
            throw Problem.invalid(
                "A picture shows two variables, not \(request.inputs.count): accept JSON or CSV.",
                isGet ? .parameter("format") : request.fields.culprit("variables"))
        }
        let tag = isGet && request.isSeeded && type != .ndjson ? EntityTag(call, type) : nil
        if let response = tag?.notModified(for: call) { return response }
        let context = call.context(streaming: type == .ndjson)
        let prepared = try await prepare(request, call, context)
        let run = prepared.value, function = run.function
        let reproduce = request.reproduce(isQuery: isGet)
        if type == .ndjson {
            return .progress(call) {
                ProbabilityOutcome.progress($0, of: request)
            } _: { progress in
                let report = try await run.report(progress)
                let outcome = ProbabilityOutcome(request: request, report: report.value, reproduce: reproduce)
                return (outcome.json, prepared.timing + report.timing)
            }
        }
        let report = try await run.report()
        let timing = prepared.timing + report.timing
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

    @Sendable private func merge(_ call: Call) async throws -> Response {
        let shards = try await ProbabilityShards(try await call.jsonExchange(), declared)
        let request = shards.request
        let prepared = try await prepare(request, call, call.context())
        let report = try await prepared.value.report(merging: shards.moments, of: shards.each)
        try shards.check(against: report.value)
        let outcome = ProbabilityOutcome(
            request: request, report: report.value, reproduce: request.reproduce(isQuery: shards.isQuery))
        return .json(outcome.json, timing: prepared.timing + report.timing)
    }

    /// Compiles g, and counts the memory that the run takes towards that of all requests.
    private func prepare(
        _ request: ProbabilityRequest, _ call: Call, _ context: WorkContext
    ) async throws -> Timed<Run> {
        let compiled = try await compute.perform(in: context) { [g = request.g] _ in ExpressionLimitState(g) }
        let function = compiled.value
        try call.request.memory.reserve(
            function.memory(width: Self.width, threads: compute.configuration.threads)
                + Self.keptDraws * (request.inputs.count + 4) * MemoryLayout<Double>.size
                + LimitStateRun.memory(for: request.specification))
        let problem = try await request.fields.blaming {
            try LimitStateProblem(
                function, of: request.inputs, threshold: request.threshold, event: request.event)
        }
        return Timed(
            value: Run(compute: compute, request: request, function: function, problem: problem, context: context),
            timing: compiled.timing)
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

    func report(
        _ progress: ProgressChannel<LimitStateProgress>? = nil, merging merged: LimitStateMoments? = nil,
        of shards: [LimitStateMoments] = []
    ) async throws -> Timed<LimitStateReport> {
        do {
            return try await reportingPartial {
                try await compute.estimate(
                    problem, request.specification, merging: merged, of: shards, in: context, progress: progress)
            } partial: { (progress: LimitStateProgress) in
                ProbabilityOutcome.progress(progress, of: request)
            }
        } catch LimitStateError.undefined(let point) {
            throw Problem.invalid("In “g”, \(function.failure(at: point)).", request.fields.culprit("g"))
        }
    }
}
