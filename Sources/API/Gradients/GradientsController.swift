import Compute
import GradientEstimation
import HTTP
import HTTPTypes

/// `GET` and `POST /gradients`: the same descent by several gradient estimators.
struct GradientsController: Sendable {
    let compute: Compute
    let configuration: APIConfiguration

    var endpoint: Endpoint {
        Endpoint(
            [.get, .post], "/gradients",
            example: "curl SERVER/gradients?seed=1 -H Accept:image/svg+xml -o descent.svg",
            action: respond)
    }

    @Sendable private func respond(to call: Call) async throws -> Response {
        let type = try call.responseType(among: [.json, .csv, .svg, .ndjson])
        let isGet = call.request.method != .post
        var fields: Fields
        if isGet {
            fields = try call.queryFields()
        } else {
            try call.refuseQuery()
            _ = try call.bodyType(among: [.json])
            fields = try Fields(try await call.jsonBody())
        }
        let request = try await GradientRequest(
            &fields, maximumDraws: configuration.maximumDraws)
        let reproduce: JSON = isGet ? .string(request.url)
            : .object([("seed", .integer(Int(request.specification.seed)))])
        if type == .ndjson {
            return stream(request, reproduce, call)
        }
        let context = call.context()
        let report = try await run(request, in: context)
        let response: Response
        switch type {
        case .csv: response = .bytes(report.value.csv, .csv, timing: report.timing)
        case .svg:
            let figure = try await compute.draw(
                GradientFigure(of: request.specification, report.value), in: context)
            response = .bytes(figure.value, .svg, timing: report.timing + figure.timing)
        default:
            response = .json(
                report.value.json(of: request.specification, reproduce: reproduce),
                timing: report.timing)
        }
        return isGet && request.isSeeded ? response.immutable(for: call) : response
    }

    private func stream(_ request: GradientRequest, _ reproduce: JSON, _ call: Call) -> Response {
        let context = call.context(streaming: true)
        return .stream(.ndjson) { writer in
            let progress = ProgressChannel<GradientProgress>()
            async let last = last(request, reproduce, context, progress, call.request.id)
            while let state = await progress.next() {
                try await writer.write(JSONWriter.write(state.json(of: request.specification), .line))
            }
            let (json, timing) = await last
            try await writer.write(JSONWriter.write(json, .line))
            return timing
        }
    }

    /// The answer, or the problem that stands in its place on the last line of a stream.
    private func last(
        _ request: GradientRequest, _ reproduce: JSON, _ context: WorkContext,
        _ progress: ProgressChannel<GradientProgress>, _ requestID: String
    ) async -> (JSON, Timing) {
        do {
            let report = try await run(request, in: context, progress: progress)
            return (report.value.json(of: request.specification, reproduce: reproduce), report.timing)
        } catch {
            return (Problem(error).json(requestID: requestID), .none)
        }
    }

    private func run(
        _ request: GradientRequest, in context: WorkContext,
        progress: ProgressChannel<GradientProgress>? = nil
    ) async throws -> Timed<GradientReport> {
        try await request.fields.blaming {
            try await reportingPartial {
                try await compute.descend(
                    request.specification, in: context, progress: progress)
            } partial: { (state: GradientProgress) in state.json(of: request.specification) }
        }
    }
}
