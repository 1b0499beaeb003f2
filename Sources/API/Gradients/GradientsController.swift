import Compute
import GradientEstimation
import HTTP
import HTTPTypes

/// `GET` and `POST /gradients`: the same descent by several gradient estimators.
struct GradientsController: Sendable {
    let compute: Compute
    private let declared: GradientFields

    init(compute: Compute, configuration: APIConfiguration) {
        self.compute = compute
        declared = GradientFields(maximumDraws: configuration.maximumDraws)
    }

    var endpoint: Endpoint { Endpoint(.gradients(declared), action: respond) }

    @Sendable private func respond(to call: Call) async throws -> Response {
        let type = try call.responseType(among: [.json, .csv, .svg, .ndjson])
        let isGet = call.request.method != .post
        var fields = try await call.queryOrBodyFields()
        let request = try await GradientRequest(&fields, declared)
        let tag = isGet && request.isSeeded ? EntityTag(call, type) : nil
        if let response = tag?.notModified(for: call) { return response }
        try call.request.memory.reserve(request.traceBytes)
        let reproduce: JSON =
            isGet
            ? .string(request.url)
            : .object([("seed", .integer(Int(request.specification.seed)))])
        if type == .ndjson {
            let context = call.context(streaming: true), specification = request.specification
            return .progress(call) {
                $0.json(of: specification)
            } _: { progress in
                let report = try await run(request, in: context, progress: progress)
                return (report.value.json(of: specification, reproduce: reproduce), report.timing)
            }
        }
        let context = call.context()
        let report = try await run(request, in: context)
        let response: Response
        switch type {
        case .csv: response = .pieces(report.value.csv, .csv, timing: report.timing)
        case .svg:
            let figure = try await compute.draw(
                GradientFigure(of: request.specification, report.value), in: context)
            response = .pieces(BytePieces(figure.value), .svg, timing: report.timing + figure.timing)
        default:
            response = .json(
                report.value.json(of: request.specification, reproduce: reproduce),
                timing: report.timing)
        }
        return tag?.marked(response) ?? response
    }

    private func run(
        _ request: GradientRequest, in context: WorkContext,
        progress: ProgressChannel<GradientProgress>? = nil
    ) async throws -> Timed<GradientReport> {
        try await request.fields.blaming {
            try await reportingPartial {
                try await compute.descend(
                    request.specification, in: context, progress: progress)
            } partial: { (state: GradientProgress) in
                state.json(of: request.specification)
            }
        }
    }
}
